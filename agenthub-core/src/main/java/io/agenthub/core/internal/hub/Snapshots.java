package io.agenthub.core.internal.hub;

import io.agenthub.api.activity.ActivityStoreStatus;
import io.agenthub.api.enhance.EnhancerStats;
import io.agenthub.api.monitor.Drops;
import io.agenthub.api.monitor.MonitorSnapshot;
import io.agenthub.api.monitor.QueueStats;
import io.agenthub.api.monitor.ServerStats;
import io.agenthub.api.server.ServerStatus;
import io.agenthub.core.internal.monitor.Monitor;
import io.agenthub.core.internal.monitor.ServerMeter;
import io.agenthub.core.internal.spi.SafeStages;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;

/** Makes snapshots of a hub from what its parts tell. Thread-safe. */
final class Snapshots {
    private final HubParts parts;
    private final Monitor monitor;
    private final InFlight inFlight;
    private final Collection<ServerEntry> entries;

    Snapshots(HubParts parts, Monitor monitor, InFlight inFlight, Collection<ServerEntry> entries) {
        this.parts = parts;
        this.monitor = monitor;
        this.inFlight = inFlight;
        this.entries = entries;
    }

    MonitorSnapshot take(Drops drops) {
        return new MonitorSnapshot(
                parts.context().scheduler().now(),
                inFlight.calls(),
                inFlight.bytes(),
                monitor.loops(),
                callbacks(parts.callbackExecutor()),
                entries.stream().map(Snapshots::server).toList(),
                List.copyOf(monitor.meters().clients()),
                SafeStages.known("activity store", parts.store()::status, ActivityStoreStatus.UNKNOWN),
                SafeStages.known("enhancer", parts.enhancer()::stats, EnhancerStats.NONE),
                drops,
                monitor.alerts(),
                monitor.alertsRaised());
    }

    private static Optional<QueueStats> callbacks(Executor executor) {
        return executor instanceof ThreadPoolExecutor pool
                ? Optional.of(new QueueStats(pool.getQueue().size(), pool.getActiveCount(), pool.getPoolSize()))
                : Optional.empty();
    }

    private static ServerStats server(ServerEntry entry) {
        ServerStatus status = entry.status();
        ServerMeter.Traffic traffic = entry.meter().traffic();
        return new ServerStats(
                status.name(),
                status.state(),
                status.restarts(),
                entry.breaker().status(),
                traffic.connections(),
                traffic.inFlight(),
                traffic.queuedBytes(),
                traffic.requests(),
                traffic.orphans(),
                traffic.noise(),
                entry.meter().calls().calls(),
                entry.meter().calls().latency());
    }
}
