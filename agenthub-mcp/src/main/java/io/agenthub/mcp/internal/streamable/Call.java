package io.agenthub.mcp.internal.streamable;

import io.agenthub.api.Promise;
import io.agenthub.api.bridge.CallContext;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.mcp.internal.call.Lane;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One request under way. A promise to its caller; its stream belongs to the loop. */
final class Call extends Promise<RpcOutcome> {
    final long id;
    final String method;
    final Lane lane;
    final @Nullable JsonText params;
    final CallContext context;
    final Optional<JsonText> progressToken;
    final JsonText body;
    final CallStream stream;
    private final Consumer<Call> withdrawal;
    private final AtomicBoolean slot;

    Call(
            Executor executor,
            long id,
            String method,
            @Nullable JsonText params,
            CallContext context,
            Optional<JsonText> progressToken,
            JsonText body,
            boolean counted,
            Wire wire) {
        super(executor);
        this.id = id;
        this.method = method;
        this.lane = Lane.of(method);
        this.params = params;
        this.context = context;
        this.progressToken = progressToken;
        this.body = body;
        this.stream = new CallStream(wire, this);
        this.withdrawal = wire::withdraw;
        this.slot = new AtomicBoolean(counted);
    }

    /** Gives back its place among the calls in flight; true once. From any thread. */
    boolean leave() {
        return slot.getAndSet(false);
    }

    @Override
    protected void onCancel() {
        withdrawal.accept(this);
    }
}
