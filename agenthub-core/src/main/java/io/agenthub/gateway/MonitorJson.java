package io.agenthub.gateway;

import io.agenthub.api.activity.ActivityStoreStatus;
import io.agenthub.api.enhance.EnhancerStats;
import io.agenthub.api.monitor.Alert;
import io.agenthub.api.monitor.ClientStats;
import io.agenthub.api.monitor.Drops;
import io.agenthub.api.monitor.Latency;
import io.agenthub.api.monitor.LoopStats;
import io.agenthub.api.monitor.MonitorSnapshot;
import io.agenthub.api.monitor.QueueStats;
import io.agenthub.api.monitor.ServerStats;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** A snapshot of the hub's monitor as {@code /monitor} shows it. Times are in milliseconds; what is not known is left out. */
final class MonitorJson {
    private static final double NANOS = 1_000_000;

    private MonitorJson() {}

    static Map<String, Object> of(MonitorSnapshot snapshot) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("at", snapshot.at().toString());
        json.put(
                "alerts",
                snapshot.alerts().stream().map(alert -> alert(alert, snapshot)).toList());
        json.put("alertsRaised", names(snapshot.alertsRaised()));
        json.put("pendingCalls", snapshot.pendingCalls());
        json.put("pendingBytes", snapshot.pendingBytes());
        json.put("loops", snapshot.loops().stream().map(MonitorJson::loop).toList());
        snapshot.callbacks().ifPresent(queue -> json.put("callbacks", queue(queue)));
        json.put("servers", snapshot.servers().stream().map(MonitorJson::server).toList());
        json.put("clients", snapshot.clients().stream().map(MonitorJson::client).toList());
        json.put("store", store(snapshot.store()));
        json.put("enhancer", enhancer(snapshot.enhancer()));
        json.put("drops", drops(snapshot.drops()));
        json.put(
                "latencyBoundsMs",
                Latency.BOUNDS.stream().map(MonitorJson::millis).toList());
        return json;
    }

    private static Map<String, Object> names(Map<Alert.Kind, Long> raised) {
        Map<String, Object> json = new LinkedHashMap<>();
        raised.forEach((kind, count) -> json.put(kind.name(), count));
        return json;
    }

    private static Map<String, Object> alert(Alert alert, MonitorSnapshot snapshot) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("kind", alert.kind());
        json.put("subject", alert.subject());
        json.put("value", alert.value());
        json.put("limit", alert.limit());
        json.put("since", alert.since().toString());
        json.put(
                "forMs",
                Math.max(0, Duration.between(alert.since(), snapshot.at()).toMillis()));
        return json;
    }

    private static Map<String, Object> loop(LoopStats loop) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", loop.name());
        json.put("lagMs", millis(loop.lag()));
        json.put("recentMaxLagMs", millis(loop.recentMaxLag()));
        json.put("queuedTasks", loop.queuedTasks());
        loop.cpuTime().ifPresent(time -> json.put("cpuMs", millis(time)));
        loop.cpuShare().ifPresent(share -> json.put("cpuShare", share));
        return json;
    }

    private static Map<String, Object> queue(QueueStats queue) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("queuedTasks", queue.queuedTasks());
        json.put("activeThreads", queue.activeThreads());
        json.put("threads", queue.threads());
        return json;
    }

    private static Map<String, Object> server(ServerStats server) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", server.name());
        json.put("state", server.state());
        json.put("restarts", server.restarts());
        json.put("breaker", StatusJson.breaker(server.breaker()));
        json.put("connections", server.connections());
        json.put("inFlight", server.inFlight());
        json.put("queuedBytes", server.queuedBytes());
        json.put("requests", server.requests());
        json.put("orphans", server.orphans());
        json.put("noise", server.noise());
        json.put("calls", server.calls());
        json.put("latency", latency(server.latency()));
        return json;
    }

    private static Map<String, Object> client(ClientStats client) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", client.name());
        json.put("calls", client.calls());
        json.put("latency", latency(client.latency()));
        return json;
    }

    private static Map<String, Object> latency(Latency latency) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("count", latency.count());
        json.put("totalMs", millis(latency.total()));
        json.put("p50Ms", millis(latency.quantile(0.5)));
        json.put("p95Ms", millis(latency.quantile(0.95)));
        json.put("p99Ms", millis(latency.quantile(0.99)));
        json.put("buckets", latency.counts());
        return json;
    }

    private static Map<String, Object> store(ActivityStoreStatus store) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("queued", store.queued());
        json.put("written", store.written());
        json.put("dropped", store.dropped());
        json.put("bytes", store.bytes());
        store.problem().ifPresent(problem -> json.put("problem", problem));
        return json;
    }

    private static Map<String, Object> enhancer(EnhancerStats stats) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("enhanced", stats.enhanced());
        json.put("cached", stats.cached());
        json.put("passedThrough", stats.passedThroughTotal());
        json.put("inFlight", stats.inFlight());
        stats.cache().ifPresent(cache -> json.put("cache", StatusJson.cache(cache)));
        return json;
    }

    private static Map<String, Object> drops(Drops drops) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("events", drops.events());
        json.put("sideMessages", drops.sideMessages());
        json.put("activities", drops.activities());
        json.put("callbacks", drops.callbacks());
        return json;
    }

    private static double millis(Duration span) {
        return span.toNanos() / NANOS;
    }
}
