package io.agenthub.core.internal.supervise;

import io.agenthub.api.Promise;
import io.agenthub.api.bridge.Connector;
import io.agenthub.api.server.ManagedServer;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.api.server.Supervisor;
import io.agenthub.api.server.SupervisorListener;
import io.agenthub.api.spi.ProviderContext;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** Brings servers back with growing delays, and gives up on those that keep ending. Thread-safe shell. */
final class BackoffSupervisor implements Supervisor {
    private final ProviderContext context;
    private final SupervisorListener listener;
    private final StartGate gate;
    private final Map<String, SupervisedServer> servers = new ConcurrentSkipListMap<>();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final Promise<Void> closed;

    BackoffSupervisor(ProviderContext context, SupervisorListener listener, int maxParallelStarts) {
        this.context = context;
        this.listener = listener;
        this.gate = new StartGate(maxParallelStarts);
        this.closed = new Promise<>(context.executor());
    }

    @Override
    public ManagedServer add(ServerSpec spec, Connector connector) {
        SupervisedServer server = new SupervisedServer(spec, connector, context, listener, gate);
        if (servers.putIfAbsent(spec.name(), server) != null) {
            throw new IllegalArgumentException("A server '" + spec.name() + "' is under supervision already");
        }
        if (closing.get()) {
            server.end();
        } else {
            server.begin();
        }
        return server;
    }

    @Override
    public CompletionStage<Void> remove(String name) {
        SupervisedServer server = servers.remove(name);
        return server == null ? Promise.done() : server.end();
    }

    @Override
    public Optional<ManagedServer> server(String name) {
        return Optional.ofNullable(servers.get(name));
    }

    @Override
    public Collection<ManagedServer> servers() {
        return List.copyOf(servers.values());
    }

    @Override
    public CompletionStage<Void> closeAsync() {
        if (closing.compareAndSet(false, true)) {
            CompletableFuture<?>[] ends = servers.values().stream()
                    .map(server -> server.end().toCompletableFuture())
                    .toArray(CompletableFuture<?>[]::new);
            CompletableFuture.allOf(ends).whenComplete((nothing, failure) -> closed.succeed());
        }
        return closed;
    }
}
