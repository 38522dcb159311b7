package io.agenthub.mcp.internal.stdio;

import io.agenthub.api.Promise;
import io.agenthub.api.bridge.CallContext;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcOutcome;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** One request under way. A promise to its caller; its entry belongs to the child's loop. */
final class Call extends Promise<RpcOutcome> {
    final long id;
    final CallContext context;
    final Optional<JsonText> progressToken;
    final Outbox.Entry entry;
    private final Consumer<Call> withdrawal;
    private final AtomicBoolean slot = new AtomicBoolean(true);

    Call(
            Executor executor,
            long id,
            CallContext context,
            Optional<JsonText> progressToken,
            byte[] frame,
            Consumer<Call> withdrawal) {
        super(executor);
        this.id = id;
        this.context = context;
        this.progressToken = progressToken;
        this.entry = new Outbox.Entry(frame, this);
        this.withdrawal = withdrawal;
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
