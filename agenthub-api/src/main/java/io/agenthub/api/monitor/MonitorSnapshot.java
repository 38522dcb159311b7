package io.agenthub.api.monitor;

import io.agenthub.api.activity.ActivityStoreStatus;
import io.agenthub.api.enhance.EnhancerStats;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a hub does, at one moment. Each value is right by itself; calls that end while it is taken may show in one and not yet in
 * another.
 *
 * @param at when it was taken
 * @param pendingCalls calls in flight over all servers
 * @param pendingBytes bytes of their parameters
 * @param loops the event loops, and the control thread last; empty if loops are not watched
 * @param callbacks the callback executor; empty if it is the embedder's and does not tell
 * @param servers all servers, ordered by name
 * @param clients the clients that named themselves, ordered by name; at most {@link MonitorPolicy#maxClients()} and one
 * @param store the activity store
 * @param enhancer the prompt enhancer, with its cache
 * @param drops what was dropped
 * @param alerts the alerts that are raised now, the oldest first
 * @param alertsRaised how often each kind was raised; every kind is there
 */
public record MonitorSnapshot(
        Instant at,
        int pendingCalls,
        long pendingBytes,
        List<LoopStats> loops,
        Optional<QueueStats> callbacks,
        List<ServerStats> servers,
        List<ClientStats> clients,
        ActivityStoreStatus store,
        EnhancerStats enhancer,
        Drops drops,
        List<Alert> alerts,
        Map<Alert.Kind, Long> alertsRaised) {

    /** Of a hub that measures nothing. */
    public static final MonitorSnapshot NONE = new MonitorSnapshot(
            Instant.EPOCH,
            0,
            0,
            List.of(),
            Optional.empty(),
            List.of(),
            List.of(),
            ActivityStoreStatus.UNKNOWN,
            EnhancerStats.NONE,
            new Drops(0, 0, 0, 0),
            List.of(),
            Map.of());

    /** Copies, and completes the kinds of alerts. */
    public MonitorSnapshot {
        loops = List.copyOf(loops);
        servers = List.copyOf(servers);
        clients = List.copyOf(clients);
        alerts = List.copyOf(alerts);
        Map<Alert.Kind, Long> raised = new EnumMap<>(Alert.Kind.class);
        for (Alert.Kind kind : Alert.Kind.values()) {
            raised.put(kind, alertsRaised.getOrDefault(kind, 0L));
        }
        alertsRaised = Collections.unmodifiableMap(raised);
    }
}
