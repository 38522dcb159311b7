package io.agenthub.tck.everything;

import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcRequest;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One request being worked on. Thread-safe. */
final class Call {
    private final RpcRequest request;
    private final JsonText params;
    private final AtomicBoolean over = new AtomicBoolean();
    private final CompletableFuture<@Nullable Object> cancelled = new CompletableFuture<>();

    Call(RpcRequest request) {
        this.request = request;
        this.params = Json.params(request);
    }

    JsonText id() {
        return request.id();
    }

    String method() {
        return request.method();
    }

    JsonText params() {
        return params;
    }

    @Nullable
    JsonText meta(String name) {
        return Json.member(Json.member(params, "_meta"), name);
    }

    /** Ends it, by an answer or a cancellation; false if it was over. */
    boolean end() {
        return over.compareAndSet(false, true);
    }

    boolean isOver() {
        return over.get();
    }

    /** Wakes whoever waits for something on its behalf. */
    void cancel() {
        cancelled.complete(null);
    }

    /** Waits, unless it is cancelled. */
    void pause(long millis) {
        try {
            cancelled.get(millis, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return;
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
        throw new CancellationException();
    }

    /** Waits for something else, unless it is cancelled. */
    void await(CompletableFuture<?> other) {
        CompletableFuture.anyOf(other, cancelled).join();
        if (!other.isDone()) {
            throw new CancellationException();
        }
    }
}
