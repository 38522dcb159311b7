package io.agenthub.gateway;

import io.agenthub.gateway.internal.http.Exchange;
import io.agenthub.gateway.internal.http.Response;
import io.agenthub.gateway.internal.http.ResponseStream;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Sends what a publisher gives as the body of a response, no faster than the client takes it: the next piece is asked for when
 * little waits. A failure before the first piece is an error response, a later one cuts the connection.
 */
final class StreamedExport implements Flow.Subscriber<ByteBuffer> {
    private final Exchange exchange;
    private final Response head;
    private final UnaryOperator<Throwable> failures;
    private Flow.@Nullable Subscription subscription;
    private volatile @Nullable ResponseStream stream;

    /**
     * Answers a request.
     *
     * @param failures what to tell the client instead of what the publisher fails with
     */
    StreamedExport(Exchange exchange, Response head, UnaryOperator<Throwable> failures) {
        this.exchange = exchange;
        this.head = head;
        this.failures = failures;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
        exchange.onAbandoned(given::cancel);
        given.request(1);
    }

    @Override
    public void onNext(ByteBuffer piece) {
        ResponseStream open = opened();
        if (open.write(piece)) {
            open.whenWritable(this::more);
        } else {
            cancel();
        }
    }

    private ResponseStream opened() {
        ResponseStream open = stream;
        if (open == null) {
            open = exchange.stream(head);
            stream = open;
        }
        return open;
    }

    private void more() {
        Flow.Subscription given = subscription;
        if (given != null) {
            given.request(1);
        }
    }

    private void cancel() {
        Flow.Subscription given = subscription;
        if (given != null) {
            given.cancel();
        }
    }

    @Override
    public void onError(Throwable failure) {
        ResponseStream open = stream;
        if (open == null) {
            exchange.fail(failures.apply(failure));
        } else {
            open.cut();
        }
    }

    @Override
    public void onComplete() {
        opened().end();
    }
}
