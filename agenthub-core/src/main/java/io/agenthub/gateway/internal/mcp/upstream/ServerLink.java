package io.agenthub.gateway.internal.mcp.upstream;

import io.agenthub.api.Promise;
import io.agenthub.api.bridge.ServerInfo;
import io.agenthub.api.hub.CallOptions;
import io.agenthub.api.hub.Hub;
import io.agenthub.api.hub.McpServer;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.server.ServerNotReadyException;
import io.agenthub.api.server.ServerStatus;
import io.agenthub.gateway.internal.http.CutShort;
import io.agenthub.gateway.internal.mcp.wire.Revisions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One server as an upstream. Thread-safe. */
public final class ServerLink implements Upstream {
    private static final Logger LOG = LoggerFactory.getLogger(ServerLink.class);
    /** Answers come on whatever thread they arrive on; nothing here blocks. */
    static final CallOptions ON_ARRIVAL = CallOptions.DEFAULT.withExecutor(Runnable::run);

    private final String name;
    private final McpServer server;
    private final ToolCatalogue tools;
    private final Watches watches;
    private final Set<Consumer<RpcNotification>> listeners = ConcurrentHashMap.newKeySet();

    private volatile @Nullable Description described;

    ServerLink(String name, McpServer server) {
        this.name = name;
        this.server = server;
        this.tools = new ToolCatalogue(server);
        this.watches = new Watches(server);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public CompletionStage<Description> describe() {
        return Promise.chain(info(), info -> Promise.succeeded(Description.of(info)));
    }

    private CompletionStage<ServerInfo> info() {
        Optional<ServerInfo> known = server.status().info();
        if (known.isPresent()) {
            return Promise.succeeded(known.get());
        }
        // Any call brings up a server that starts on demand; then its handshake is known.
        return Promise.chain(server.request("ping", null, ON_ARRIVAL), pong -> Promise.succeeded(present()));
    }

    private ServerInfo present() {
        ServerStatus status = server.status();
        return status.info()
                .orElseThrow(() ->
                        new ServerNotReadyException(name, status.state(), "it ended just now", Duration.ofSeconds(1)));
    }

    @Override
    public CompletionStage<RpcOutcome> request(String method, @Nullable JsonText params, CallOptions options) {
        return server.request(method, params, options);
    }

    @Override
    public void notify(RpcNotification notification) {
        server.notify(notification.method(), notification.params()).whenComplete((nothing, failure) -> {
            if (failure != null) {
                LOG.atDebug().setCause(failure).addKeyValue("server", name).log("Notification not delivered");
            }
        });
    }

    @Override
    public CompletionStage<Boolean> isStateless(String method, @Nullable JsonText params) {
        return Promise.chain(info(), info -> Promise.succeeded(Revisions.isModern(info.protocolVersion())));
    }

    @Override
    public boolean isKnownStateless(String method, @Nullable JsonText params) {
        return server.status()
                .info()
                .filter(info -> Revisions.isModern(info.protocolVersion()))
                .isPresent();
    }

    @Override
    public Optional<Description> known() {
        Description known = described;
        if (known == null) {
            known = server.status().info().map(Description::of).orElse(null);
            described = known;
        }
        return Optional.ofNullable(known);
    }

    @Override
    public void endSession(String session) {
        server.endSession(session);
    }

    @Override
    public CompletionStage<List<MirroredParameter>> mirrored(String tool) {
        return tools.mirrored(tool);
    }

    @Override
    public CompletionStage<RpcOutcome> watch(String uri, CallOptions options) {
        return watches.add(uri, options);
    }

    /**
     * Whether this resource of the server is watched.
     *
     * @param uri the resource
     * @param session of the client that asks
     * @return true if this client watches it, or another one over the same connection
     */
    public boolean isWatched(String uri, Optional<String> session) {
        return watches.has(uri, session);
    }

    @Override
    public CompletionStage<RpcOutcome> unwatch(String uri, CallOptions options) {
        return watches.remove(uri, options);
    }

    @Override
    public void release(String uri, Optional<String> session) {
        watches.release(uri, session);
    }

    @Override
    public Hub.Registration listen(Consumer<RpcNotification> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    void notified(RpcNotification notification) {
        if (notification.method().equals("notifications/tools/list_changed")) {
            tools.forget();
        }
        listeners.forEach(listener -> listener.accept(notification));
    }

    /** The gateway closes and waits no longer. */
    void giveUp() {
        tools.giveUp(new CutShort(name, false));
        watches.giveUp();
    }

    /** A new process knows nothing of what was said to the one before. */
    void restarted() {
        described = null;
        tools.forget();
    }
}
