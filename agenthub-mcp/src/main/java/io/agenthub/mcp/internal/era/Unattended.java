package io.agenthub.mcp.internal.era;

import io.agenthub.api.Promise;
import io.agenthub.api.bridge.CallContext;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.rpc.RpcRequest;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * The context of a request that belongs to nobody outside: it hears what is said, and answers no questions.
 *
 * @param listener hears the notifications that belong to the request
 */
public record Unattended(Consumer<RpcNotification> listener) implements CallContext {
    /** Hears nothing. */
    public static final Unattended DEAF = new Unattended(notification -> {});

    @Override
    public Duration remaining() {
        return Duration.ofDays(1);
    }

    @Override
    public boolean tryDispatch() {
        return true;
    }

    @Override
    public boolean wantsProgress() {
        return false;
    }

    @Override
    public void notified(RpcNotification notification) {
        listener.accept(notification);
    }

    @Override
    public CompletionStage<RpcOutcome> asked(RpcRequest request) {
        return Promise.succeeded(RpcError.of(RpcError.METHOD_NOT_FOUND, "Method not found: " + request.method(), null));
    }
}
