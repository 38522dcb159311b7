package io.agenthub.mcp.internal.stdio;

import io.agenthub.api.Promise;
import io.agenthub.api.bridge.CallContext;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.mcp.internal.call.Lane;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.Consumer;

/** One request under way. A promise to its caller; its entry belongs to the child's loop. */
final class Call extends Promise<RpcOutcome> {
    private static final AtomicIntegerFieldUpdater<Call> SLOTS =
            AtomicIntegerFieldUpdater.newUpdater(Call.class, "slots");

    final long id;
    final String method;
    final Lane lane;
    final CallContext context;
    final Optional<JsonText> progressToken;
    final Outbox.Entry entry;
    private final Consumer<Call> withdrawal;
    private volatile int slots;

    Call(
            Executor executor,
            long id,
            String method,
            CallContext context,
            Optional<JsonText> progressToken,
            Frame frame,
            Consumer<Call> withdrawal) {
        super(executor);
        this.id = id;
        this.method = method;
        this.context = context;
        this.progressToken = progressToken;
        this.entry = new Outbox.Entry(frame, this);
        this.withdrawal = withdrawal;
        this.lane = Lane.of(method);
        this.slots = lane == Lane.STANDING ? 0 : 1;
    }

    /** Gives back its place among the calls in flight; true once. From any thread. */
    boolean leave() {
        return slots == 1 && SLOTS.compareAndSet(this, 1, 0);
    }

    @Override
    protected void onCancel() {
        withdrawal.accept(this);
    }
}
