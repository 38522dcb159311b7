package io.agenthub.mcp.internal.era;

import io.agenthub.api.Promise;
import io.agenthub.api.bridge.Bridge;
import io.agenthub.api.bridge.BridgeExit;
import io.agenthub.api.bridge.BridgeListener;
import io.agenthub.api.bridge.BridgeStats;
import io.agenthub.api.bridge.CallContext;
import io.agenthub.api.bridge.ServerInfo;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.MalformedMessageException;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.rpc.RpcResult;
import io.agenthub.api.spi.ProviderContext;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The bridge to a stateless server, made of one that carries its messages. Thread-safe.
 *
 * <p>Each request gets the envelope of its caller. A result that asks for input is handed over as it is to a caller that takes
 * such; for any other it becomes questions, and their answers the next request. What the server announces is listened to from
 * {@link #begin} on. Where the older revisions have a method that this one has not, it is translated: {@code ping}, {@code
 * resources/subscribe} and {@code resources/unsubscribe}.
 */
public final class ModernBridge implements Bridge {
    /** They speak of a session, which there is none of. */
    private static final Set<String> OF_A_SESSION =
            Set.of("notifications/initialized", "notifications/roots/list_changed", "notifications/progress");

    private final String server;
    private final Bridge wire;
    private final ServerInfo info;
    private final Envelope envelope;
    private final EraMemory memory;
    private final ProviderContext context;
    private final Subscription subscription;
    private final Set<ModernCall> calls = ConcurrentHashMap.newKeySet();
    private final Promise<BridgeExit> whenClosed;

    /**
     * Makes the bridge.
     *
     * @param server the server's configured name
     * @param wire carries requests as they are. It replaces ids and progress tokens, and hands every notification that belongs to
     *     a request to the context of that request: those of a {@code subscriptions/listen} request, too, which it counts as no
     *     call in flight
     * @param info what the server said of itself
     * @param forwardRoots whether the server is trusted with the roots of clients
     * @param memory forgets that the server is modern if it says that it does not speak the revision any more
     * @param context what the hub lends
     * @param listener hears what the server announces outside calls
     */
    public ModernBridge(
            String server,
            Bridge wire,
            ServerInfo info,
            boolean forwardRoots,
            EraMemory memory,
            ProviderContext context,
            BridgeListener listener) {
        this.server = server;
        this.wire = wire;
        this.info = info;
        this.envelope = new Envelope(info.protocolVersion(), forwardRoots);
        this.memory = memory;
        this.context = context;
        this.whenClosed = new Promise<>(context.executor());
        this.subscription = new Subscription(
                server, wire, envelope, info.capabilities(), context.scheduler(), context.executor(), listener);
        wire.whenClosed().whenComplete((exit, failure) -> closed(exit));
    }

    /** Begins to listen to what the server announces. */
    public void begin() {
        subscription.begin();
    }

    private void closed(BridgeExit exit) {
        subscription.end();
        ModernCall[] left = calls.toArray(new ModernCall[0]);
        for (ModernCall call : left) {
            call.closed(exit);
        }
        CompletableFuture.allOf(left).whenComplete((nothing, failures) -> whenClosed.succeed(exit));
    }

    @Override
    public ServerInfo info() {
        return info;
    }

    @Override
    public CompletionStage<RpcOutcome> request(String method, @Nullable JsonText params, CallContext caller) {
        Objects.requireNonNull(method);
        Objects.requireNonNull(caller);
        return switch (method) {
            case "ping" -> ping(caller);
            case "resources/subscribe" -> watch(params, true);
            case "resources/unsubscribe" -> watch(params, false);
            default -> call(method, params, caller);
        };
    }

    private CompletionStage<RpcOutcome> call(String method, @Nullable JsonText params, CallContext caller) {
        ModernCall call =
                new ModernCall(context.executor(), server, wire, envelope, method, params, caller, this::refused);
        calls.add(call);
        call.whenComplete((outcome, failure) -> calls.remove(call));
        call.begin();
        return call;
    }

    private void refused(RpcError error) {
        if (error.code() == Discovery.UNSUPPORTED_VERSION) {
            memory.found(EraMemory.Verdict.UNKNOWN);
        }
    }

    /** There is no ping in this era; whoever answers to this is alive. */
    private CompletionStage<RpcOutcome> ping(CallContext caller) {
        return Promise.chain(
                call(Discovery.METHOD, null, caller),
                outcome -> Promise.succeeded(
                        outcome instanceof RpcResult ? new RpcResult(JsonText.EMPTY_OBJECT) : outcome));
    }

    private CompletionStage<RpcOutcome> watch(@Nullable JsonText params, boolean on) {
        Optional<String> uri;
        try {
            uri = params == null ? Optional.empty() : params.member("uri").flatMap(JsonText::string);
        } catch (MalformedMessageException e) {
            return Promise.failed(e);
        }
        if (uri.isEmpty()) {
            return Promise.succeeded(RpcError.of(RpcError.INVALID_PARAMS, "'uri' is missing", null));
        }
        return on ? subscription.watch(uri.get()) : subscription.unwatch(uri.get());
    }

    @Override
    public CompletionStage<Void> notify(String method, @Nullable JsonText params) {
        Objects.requireNonNull(method);
        return OF_A_SESSION.contains(method) ? Promise.done() : wire.notify(method, params);
    }

    @Override
    public CompletionStage<BridgeExit> whenClosed() {
        return whenClosed;
    }

    @Override
    public BridgeStats stats() {
        return wire.stats();
    }

    @Override
    public CompletionStage<Void> closeAsync() {
        return wire.closeAsync();
    }
}
