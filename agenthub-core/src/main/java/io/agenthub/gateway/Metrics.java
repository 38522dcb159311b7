package io.agenthub.gateway;

import io.agenthub.api.breaker.BreakerState;
import io.agenthub.api.enhance.EnhancementCacheStats;
import io.agenthub.api.monitor.ClientStats;
import io.agenthub.api.monitor.LoopStats;
import io.agenthub.api.monitor.MonitorSnapshot;
import io.agenthub.api.monitor.ServerStats;
import io.agenthub.api.server.ServerState;
import java.util.function.ToDoubleFunction;

/** A snapshot of the hub's monitor as metrics. What is not known is left out. */
final class Metrics {
    private final MonitorSnapshot snapshot;
    private final PrometheusText text = new PrometheusText();

    private Metrics(MonitorSnapshot snapshot) {
        this.snapshot = snapshot;
    }

    /**
     * Writes all metrics.
     *
     * @param connections open connections of the gateway
     * @param bufferedBytes request bodies that the gateway holds
     * @return text in format 0.0.4
     */
    static String write(MonitorSnapshot snapshot, int connections, long bufferedBytes) {
        Metrics metrics = new Metrics(snapshot);
        metrics.hub();
        metrics.loops();
        metrics.servers();
        metrics.breakers();
        metrics.clients();
        metrics.parts();
        metrics.text.gauge("agenthub_gateway_connections", "Open HTTP connections.", family -> family.add(connections));
        metrics.text.gauge(
                "agenthub_gateway_buffered_bytes",
                "Bytes of request bodies held by the gateway.",
                family -> family.add(bufferedBytes));
        return metrics.text.toString();
    }

    private void hub() {
        text.gauge(
                "agenthub_pending_calls",
                "Calls in flight over all servers.",
                family -> family.add(snapshot.pendingCalls()));
        text.gauge(
                "agenthub_pending_bytes",
                "Bytes of the parameters of calls in flight.",
                family -> family.add(snapshot.pendingBytes()));
        text.gauge(
                "agenthub_alerts_active",
                "Alerts of the hub that are raised now.",
                family -> snapshot.alertsRaised()
                        .keySet()
                        .forEach(kind -> family.add(
                                snapshot.alerts().stream()
                                        .filter(alert -> alert.kind() == kind)
                                        .count(),
                                "kind",
                                kind.name())));
        text.counter(
                "agenthub_alerts_raised_total",
                "Alerts that the hub has raised.",
                family -> snapshot.alertsRaised().forEach((kind, count) -> family.add(count, "kind", kind.name())));
        text.counter(
                "agenthub_dropped_total",
                "What was dropped because a bound was reached, or because the callback it was for threw.",
                family -> family.add(snapshot.drops().events(), "what", "events")
                        .add(snapshot.drops().sideMessages(), "what", "side_messages")
                        .add(snapshot.drops().activities(), "what", "activities")
                        .add(snapshot.drops().callbacks(), "what", "callbacks"));
        snapshot.callbacks().ifPresent(queue -> {
            text.gauge(
                    "agenthub_callback_queued_tasks",
                    "Tasks that wait for a callback thread.",
                    family -> family.add(queue.queuedTasks()));
            text.gauge(
                    "agenthub_callback_active_threads",
                    "Callback threads at work.",
                    family -> family.add(queue.activeThreads()));
        });
    }

    private void loops() {
        loop(
                "agenthub_event_loop_lag_seconds",
                "How late a loop ran its last probe.",
                loop -> PrometheusText.seconds(loop.lag()));
        loop(
                "agenthub_event_loop_recent_max_lag_seconds",
                "The longest lag of the last half minute or more.",
                loop -> PrometheusText.seconds(loop.recentMaxLag()));
        loop("agenthub_event_loop_queued_tasks", "Tasks that wait to run on a loop.", LoopStats::queuedTasks);
        loop(
                "agenthub_event_loop_cpu_ratio",
                "CPU time per wall time of a loop's thread in the last second.",
                loop -> loop.cpuShare().orElse(Double.NaN));
        text.counter(
                "agenthub_event_loop_cpu_seconds_total",
                "CPU time of a loop's thread.",
                family -> snapshot.loops()
                        .forEach(loop -> loop.cpuTime()
                                .ifPresent(time -> family.add(PrometheusText.seconds(time), "loop", loop.name()))));
    }

    private void loop(String name, String help, ToDoubleFunction<LoopStats> value) {
        text.gauge(name, help, family -> {
            for (LoopStats loop : snapshot.loops()) {
                double seen = value.applyAsDouble(loop);
                if (!Double.isNaN(seen)) {
                    family.add(seen, "loop", loop.name());
                }
            }
        });
    }

    private void servers() {
        text.gauge(
                "agenthub_server_state",
                "1 for the state that a server is in.",
                family -> snapshot.servers().forEach(server -> {
                    for (ServerState state : ServerState.values()) {
                        family.add(server.state() == state ? 1 : 0, "server", server.name(), "state", state.name());
                    }
                }));
        text.counter(
                "agenthub_server_calls_total",
                "Ended calls.",
                family -> snapshot.servers()
                        .forEach(server -> server.calls()
                                .forEach((outcome, count) ->
                                        family.add(count, "server", server.name(), "outcome", outcome))));
        text.histogram(
                "agenthub_server_call_duration_seconds",
                "How long calls took that the server answered.",
                family -> snapshot.servers().forEach(server -> family.add(server.latency(), "server", server.name())));
        server("agenthub_server_connections", "Open connections to a server.", ServerStats::connections);
        server("agenthub_server_in_flight", "Requests on their way to a server.", ServerStats::inFlight);
        server("agenthub_server_queued_bytes", "Bytes not yet written to a server.", ServerStats::queuedBytes);
        serverTotal("agenthub_server_restarts_total", "How often a server was started again.", ServerStats::restarts);
        serverTotal("agenthub_server_requests_total", "Requests handed to a server.", ServerStats::requests);
        serverTotal("agenthub_server_orphans_total", "Answers that nobody waited for.", ServerStats::orphans);
        serverTotal("agenthub_server_noise_total", "Lines or frames that were no messages.", ServerStats::noise);
    }

    private void server(String name, String help, ToDoubleFunction<ServerStats> value) {
        text.gauge(name, help, family -> each(family, value));
    }

    private void serverTotal(String name, String help, ToDoubleFunction<ServerStats> value) {
        text.counter(name, help, family -> each(family, value));
    }

    private void each(PrometheusText.Family family, ToDoubleFunction<ServerStats> value) {
        snapshot.servers().forEach(server -> family.add(value.applyAsDouble(server), "server", server.name()));
    }

    private void breakers() {
        text.gauge(
                "agenthub_breaker_state",
                "1 for the state that a breaker is in.",
                family -> snapshot.servers().forEach(server -> {
                    for (BreakerState state : BreakerState.values()) {
                        boolean here = server.breaker().state() == state;
                        family.add(here ? 1 : 0, "server", server.name(), "state", state.name());
                    }
                }));
        serverTotal(
                "agenthub_breaker_refused_total",
                "Calls that a breaker refused.",
                server -> server.breaker().refused());
    }

    private void clients() {
        text.counter(
                "agenthub_client_calls_total",
                "Ended calls of a client, as it names itself.",
                family -> snapshot.clients()
                        .forEach(client -> client.calls()
                                .forEach((outcome, count) ->
                                        family.add(count, "client", client.name(), "outcome", outcome))));
        text.histogram(
                "agenthub_client_call_duration_seconds",
                "How long calls of a client took that a server answered.",
                family -> snapshot.clients()
                        .forEach((ClientStats client) -> family.add(client.latency(), "client", client.name())));
    }

    private void parts() {
        text.gauge(
                "agenthub_store_queued",
                "Activities that wait to be written.",
                family -> family.add(snapshot.store().queued()));
        text.counter(
                "agenthub_store_written_total",
                "Activities written.",
                family -> family.add(snapshot.store().written()));
        text.counter(
                "agenthub_store_dropped_total",
                "Activities lost by the store.",
                family -> family.add(snapshot.store().dropped()));
        text.gauge(
                "agenthub_store_bytes",
                "Size of the activity store.",
                family -> family.add(snapshot.store().bytes()));
        text.gauge(
                "agenthub_store_failing",
                "1 while the store cannot write.",
                family -> family.add(snapshot.store().problem().isPresent() ? 1 : 0));
        text.counter(
                "agenthub_enhancer_prompts_total",
                "Prompts by what came of them.",
                family -> family.add(snapshot.enhancer().enhanced(), "result", "enhanced")
                        .add(snapshot.enhancer().cached(), "result", "cached")
                        .add(snapshot.enhancer().passedThroughTotal(), "result", "passed_through"));
        snapshot.enhancer().cache().ifPresent(this::cache);
    }

    private void cache(EnhancementCacheStats cache) {
        text.counter(
                "agenthub_cache_lookups_total",
                "Lookups in the cache of improved prompts.",
                family -> family.add(cache.hits(), "result", "hit").add(cache.misses(), "result", "miss"));
        text.counter(
                "agenthub_cache_evictions_total",
                "Improved prompts dropped from the cache.",
                family -> family.add(cache.evictions()));
        text.gauge("agenthub_cache_entries", "Improved prompts in the cache.", family -> family.add(cache.entries()));
        text.gauge("agenthub_cache_bytes", "Memory of the cache.", family -> family.add(cache.weightBytes()));
    }
}
