package io.agenthub.mcp.internal.stdio;

import io.agenthub.api.Promise;
import io.agenthub.api.bridge.CallContext;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcOutcome;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.Consumer;

/** One request under way. A promise to its caller; its entry belongs to the child's loop. */
final class Call extends Promise<RpcOutcome> {
    /** Held open to hear what the server announces; no call in flight. */
    static final String LISTEN = "subscriptions/listen";

    private static final AtomicIntegerFieldUpdater<Call> SLOTS =
            AtomicIntegerFieldUpdater.newUpdater(Call.class, "slots");

    private static final Set<String> ASIDE = Set.of(LISTEN, "ping", "server/discover");

    final long id;
    final String method;
    final CallContext context;
    final Optional<JsonText> progressToken;
    final Outbox.Entry entry;
    private final Consumer<Call> withdrawal;
    private volatile int slots;
    private final boolean aside;

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
        this.aside = ASIDE.contains(method);
        this.slots = standing() ? 0 : 1;
    }

    /** Whether it is held open and takes no place among the calls in flight. */
    boolean standing() {
        return method.equals(LISTEN);
    }

    /** Whether nothing the server says of its own can be meant for it. */
    boolean aside() {
        return aside;
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
