package io.agenthub.mcp.internal.streamable;

import io.agenthub.api.Promise;
import io.agenthub.api.bridge.CallContext;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcOutcome;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One request under way. A promise to its caller; its stream belongs to the loop. */
final class Call extends Promise<RpcOutcome> {
    /** Held open to hear what the server announces; no call in flight. */
    private static final String LISTEN = "subscriptions/listen";

    /** These go beside the others, so that a pool full of slow calls does not look like a dead server. */
    private static final Set<String> ASIDE = Set.of(LISTEN, "initialize", "ping", "server/discover");

    final long id;
    final String method;
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
        this.params = params;
        this.context = context;
        this.progressToken = progressToken;
        this.body = body;
        this.stream = new CallStream(wire, this);
        this.withdrawal = wire::withdraw;
        this.slot = new AtomicBoolean(counted);
    }

    /** Whether it is held open and is no call in flight. */
    static boolean isStanding(String method) {
        return method.equals(LISTEN);
    }

    /** Whether it need not wait for a free connection, and nothing the server says of its own can be meant for it. */
    boolean aside() {
        return ASIDE.contains(method);
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
