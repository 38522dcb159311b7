package io.agenthub.core.micrometer;

import io.agenthub.api.Promise;
import io.agenthub.api.activity.ActivityStore;
import io.agenthub.api.enhance.Enhancer;
import io.agenthub.api.hub.Hub;
import io.agenthub.api.hub.HubConfig;
import io.agenthub.api.hub.HubListener;
import io.agenthub.api.hub.HubState;
import io.agenthub.api.hub.McpServer;
import io.agenthub.api.monitor.MonitorSnapshot;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/** A hub that has nothing but a monitor. */
final class StubHub implements Hub {
    volatile MonitorSnapshot monitor = MonitorSnapshot.NONE;
    final AtomicInteger snapshots = new AtomicInteger();

    @Override
    public MonitorSnapshot monitor() {
        snapshots.incrementAndGet();
        return monitor;
    }

    @Override
    public CompletionStage<Void> start() {
        return Promise.done();
    }

    @Override
    public HubState state() {
        return HubState.STARTED;
    }

    @Override
    public McpServer server(String name) {
        throw new UnsupportedOperationException("not part of this stub");
    }

    @Override
    public Collection<McpServer> servers() {
        return List.of();
    }

    @Override
    public Enhancer enhancer() {
        throw new UnsupportedOperationException("not part of this stub");
    }

    @Override
    public ActivityStore activities() {
        throw new UnsupportedOperationException("not part of this stub");
    }

    @Override
    public CompletionStage<Void> apply(HubConfig config) {
        throw new UnsupportedOperationException("not part of this stub");
    }

    @Override
    public Registration listen(HubListener listener) {
        return () -> {};
    }

    @Override
    public CompletionStage<Void> closeAsync() {
        return Promise.done();
    }
}
