package io.agenthub.ollama;

import io.agenthub.api.Promise;
import io.agenthub.ollama.internal.http.AnswerReader;
import io.agenthub.ollama.internal.http.Exchange;
import io.agenthub.ollama.internal.http.Request;
import java.io.ByteArrayOutputStream;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The stage of one request, and the reader of its answer: refuses every status but 200, and gives the request up when the stage
 * is cancelled.
 *
 * @param <R> what the answer means
 */
abstract class Call<R> extends Promise<R> implements AnswerReader {
    private static final int MAX_ERROR_BYTES = 65_536;

    final Request request;
    final int maxAnswerBytes;
    private final ByteArrayOutputStream refusal = new ByteArrayOutputStream();
    private int status;
    private volatile @Nullable Exchange exchange;

    Call(Executor executor, Request request, int maxAnswerBytes) {
        super(executor);
        this.request = request;
        this.maxAnswerBytes = maxAnswerBytes;
    }

    @Override
    public final void attached(Exchange attached) {
        exchange = attached;
    }

    final @Nullable Exchange exchange() {
        return exchange;
    }

    final void giveUp() {
        Exchange attached = exchange;
        if (attached != null) {
            attached.cancel();
        }
    }

    @Override
    protected final void onCancel() {
        giveUp();
    }

    @Override
    public final void begun(int code, String contentType) {
        status = code;
    }

    @Override
    public final void received(byte[] bytes) {
        if (status == 200) {
            body(bytes);
        } else if (refusal.size() + bytes.length > MAX_ERROR_BYTES) {
            throw Failures.status(status, new byte[0], request);
        } else {
            refusal.writeBytes(bytes);
        }
    }

    @Override
    public final void ended() {
        if (status != 200) {
            throw Failures.status(status, refusal.toByteArray(), request);
        }
        end();
    }

    @Override
    public final void broke(Throwable failure) {
        end(Failures.of(failure, request, maxAnswerBytes));
    }

    /** A piece of the body of an answer with status 200. */
    abstract void body(byte[] bytes);

    /** The body is complete. */
    abstract void end();

    /** There will be no more of it. */
    abstract void end(Throwable failure);
}
