package io.agenthub.core.internal.hub;

import io.agenthub.api.Promise;
import io.agenthub.api.breaker.Breaker;
import io.agenthub.api.hub.CallOptions;
import io.agenthub.api.hub.HubClosedException;
import io.agenthub.api.hub.HubState;
import io.agenthub.api.hub.McpServer;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.server.ManagedServer;
import io.agenthub.api.server.ServerStatus;
import io.agenthub.api.server.UnknownServerException;
import io.agenthub.core.internal.spi.SafeStages;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A server by name: looked up at each call, so that a handle survives a change of the configuration. Thread-safe. */
final class HubServer implements McpServer {
    private final String name;
    private final SupervisedHub hub;

    HubServer(String name, SupervisedHub hub) {
        this.name = Objects.requireNonNull(name);
        this.hub = hub;
    }

    @Override
    public CompletionStage<RpcOutcome> request(String method, @Nullable JsonText params, CallOptions options) {
        Objects.requireNonNull(method);
        Objects.requireNonNull(options);
        ServerEntry entry = hub.entry(name);
        if (entry != null) {
            return hub.pipeline().call(entry, method, params, options);
        }
        if (hub.state() == HubState.STARTED) {
            hub.pipeline().recorder().refused(name, method, params, options, unknown());
        }
        return refused();
    }

    @Override
    public CompletionStage<Void> notify(String method, @Nullable JsonText params) {
        Objects.requireNonNull(method);
        long begun = hub.pipeline().scheduler().nanoTime();
        CompletionStage<Void> sent =
                control(server -> server.bridge().thenCompose(bridge -> bridge.notify(method, params)));
        if (hub.state() == HubState.STARTED) {
            sent.whenComplete((nothing, failure) -> hub.pipeline()
                    .recorder()
                    .notified(
                            name,
                            method,
                            params,
                            failure == null ? null : SafeStages.unwrap(failure, "bridge", name, false),
                            hub.pipeline().scheduler().nanoTime() - begun));
        }
        return sent;
    }

    @Override
    public ServerStatus status() {
        return present().status();
    }

    @Override
    public CompletionStage<ServerStatus> start() {
        return control(ManagedServer::start);
    }

    @Override
    public CompletionStage<ServerStatus> stop() {
        closeLeased();
        return control(ManagedServer::stop);
    }

    @Override
    public CompletionStage<ServerStatus> restart() {
        closeLeased();
        forgetTools();
        return control(ManagedServer::restart);
    }

    @Override
    public ServerStatus acknowledgeTools() {
        ServerEntry entry = present();
        entry.pins().acknowledge();
        return entry.status();
    }

    private void forgetTools() {
        ServerEntry entry = hub.entry(name);
        if (entry != null) {
            entry.pins().forget();
        }
    }

    @Override
    public Breaker breaker() {
        return present().breaker();
    }

    @Override
    public void endSession(String session) {
        Objects.requireNonNull(session);
        ServerEntry entry = hub.entry(name);
        if (entry != null) {
            entry.endSession(session);
        }
    }

    @Override
    public boolean hasSessions() {
        ServerEntry entry = hub.entry(name);
        return entry != null && entry.hasSessions();
    }

    /** An order by hand is meant for all connections, not only the shared one. */
    private void closeLeased() {
        ServerEntry entry = hub.entry(name);
        if (entry != null) {
            entry.pool().closeAll();
        }
    }

    private ServerEntry present() {
        ServerEntry entry = hub.entry(name);
        if (entry == null) {
            throw unknown();
        }
        return entry;
    }

    /** Passes an order on to the supervisor, and its outcome back on the callback executor. */
    private <T extends @Nullable Object> CompletionStage<T> control(Function<ManagedServer, CompletionStage<T>> order) {
        ServerEntry entry = hub.entry(name);
        if (entry == null) {
            return refused();
        }
        if (hub.state() != HubState.STARTED) {
            return Promise.failed(new HubClosedException(hub.state(), false));
        }
        Promise<T> promise = new Promise<>(hub.pipeline().callbackExecutor());
        SafeStages.call("supervisor", () -> order.apply(entry.managed())).whenComplete((value, failure) -> {
            if (failure == null) {
                promise.succeed(value);
            } else {
                promise.fail(SafeStages.unwrap(failure, "supervisor", name, false));
            }
        });
        return promise;
    }

    private <T extends @Nullable Object> CompletionStage<T> refused() {
        return Promise.failed(hub.state() == HubState.STARTED ? unknown() : new HubClosedException(hub.state(), false));
    }

    private UnknownServerException unknown() {
        return new UnknownServerException(name, hub.names());
    }

    @Override
    public String toString() {
        return "McpServer " + name;
    }
}
