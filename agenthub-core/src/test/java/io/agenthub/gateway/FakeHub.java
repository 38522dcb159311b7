package io.agenthub.gateway;

import io.agenthub.api.ConfigurationException;
import io.agenthub.api.Promise;
import io.agenthub.api.activity.ActivityStore;
import io.agenthub.api.enhance.Enhancer;
import io.agenthub.api.hub.Hub;
import io.agenthub.api.hub.HubConfig;
import io.agenthub.api.hub.HubListener;
import io.agenthub.api.hub.HubState;
import io.agenthub.api.hub.McpServer;
import io.agenthub.api.monitor.MonitorSnapshot;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcNotification;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A hub in memory that keeps account of what reaches it. */
final class FakeHub implements Hub {
    volatile HubState state = HubState.STARTED;
    volatile Optional<ActivityStore> store = Optional.empty();
    volatile MonitorSnapshot monitor = MonitorSnapshot.NONE;
    volatile Optional<ConfigurationException> problem = Optional.empty();
    final List<HubListener> listeners = new CopyOnWriteArrayList<>();
    final Map<String, FakeServer> servers = new ConcurrentSkipListMap<>();

    /** A server says something outside any call. */
    void announce(String server, String method, String params) {
        RpcNotification notification = new RpcNotification(method, JsonText.of(params));
        listeners.forEach(listener -> listener.notified(server, notification));
    }

    FakeServer add(String name) {
        FakeServer server = new FakeServer(name);
        servers.put(name, server);
        return server;
    }

    /** How many requests and notifications have reached any server. */
    int dispatched() {
        return servers.values().stream()
                .mapToInt(server -> server.sent.size() + server.notified.size())
                .sum();
    }

    @Override
    public McpServer server(String name) {
        FakeServer server = servers.get(name);
        return server == null ? new UnknownServer(name, servers.keySet()) : server;
    }

    @Override
    public Collection<McpServer> servers() {
        return List.copyOf(servers.values());
    }

    @Override
    public HubState state() {
        return state;
    }

    @Override
    public CompletionStage<Void> start() {
        return Promise.succeeded(null);
    }

    @Override
    public CompletionStage<Void> closeAsync() {
        state = HubState.STOPPED;
        return Promise.succeeded(null);
    }

    @Override
    public Enhancer enhancer() {
        throw new UnsupportedOperationException("not part of this fake");
    }

    @Override
    public ActivityStore activities() {
        return store.orElseThrow(() -> new UnsupportedOperationException("not part of this fake"));
    }

    @Override
    public CompletionStage<Void> apply(HubConfig config) {
        throw new UnsupportedOperationException("not part of this fake");
    }

    @Override
    public MonitorSnapshot monitor() {
        return monitor;
    }

    @Override
    public Optional<ConfigurationException> configurationProblem() {
        return problem;
    }

    @Override
    public Registration listen(HubListener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }
}
