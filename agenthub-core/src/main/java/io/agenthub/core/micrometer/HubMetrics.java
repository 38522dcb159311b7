package io.agenthub.core.micrometer;

import io.agenthub.api.enhance.EnhancementCacheStats;
import io.agenthub.api.hub.Hub;
import io.agenthub.api.monitor.Alert;
import io.agenthub.api.monitor.LoopStats;
import io.agenthub.api.monitor.MonitorSnapshot;
import io.agenthub.api.monitor.ServerStats;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToDoubleFunction;

/**
 * Binds the meters of one hub. Thread-safe.
 *
 * <pre>
 * new HubMetrics(hub).bindTo(registry);
 * </pre>
 *
 * <p>Meters are named {@code agenthub.…}, as the metrics of the gateway are, and tagged with {@code server}, {@code client}, {@code
 * loop} and {@code outcome}. Those of a server appear with it and go with it, within a second or with the next reading. A duration
 * is a count and a total here; the histogram is in {@link ServerStats#latency()} and in the gateway's {@code /metrics}.
 *
 * <p>Closing takes all meters out of all registries; the hub is not closed.
 */
public final class HubMetrics implements MeterBinder, AutoCloseable {
    private final Hub hub;
    private final Iterable<Tag> tags;
    private final List<Binding> bindings = new CopyOnWriteArrayList<>();

    /**
     * For a hub that is the only one of its process.
     *
     * @param hub the hub
     */
    public HubMetrics(Hub hub) {
        this(hub, Tags.empty());
    }

    /**
     * For one hub of several.
     *
     * @param hub the hub
     * @param tags tell it from the others
     */
    public HubMetrics(Hub hub, Iterable<Tag> tags) {
        this.hub = Objects.requireNonNull(hub);
        this.tags = Tags.of(tags);
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Binding binding = new Binding(hub, registry, tags);
        bindings.add(binding);
        hub(binding);
        binding.loops(HubMetrics::loop);
        binding.servers(HubMetrics::server);
        binding.clients();
        binding.look();
    }

    private static void hub(Binding binding) {
        binding.gauge("agenthub.pending.calls", MonitorSnapshot::pendingCalls);
        binding.gauge("agenthub.pending.bytes", MonitorSnapshot::pendingBytes);
        binding.gauge(
                "agenthub.callback.queued.tasks",
                snapshot -> snapshot.callbacks()
                        .map(queue -> (double) queue.queuedTasks())
                        .orElse(Double.NaN));
        binding.gauge(
                "agenthub.callback.active.threads",
                snapshot -> snapshot.callbacks()
                        .map(queue -> (double) queue.activeThreads())
                        .orElse(Double.NaN));
        binding.gauge("agenthub.store.queued", snapshot -> snapshot.store().queued());
        binding.counter("agenthub.store.written", snapshot -> snapshot.store().written());
        binding.counter("agenthub.store.dropped", snapshot -> snapshot.store().dropped());
        binding.gauge("agenthub.store.bytes", snapshot -> snapshot.store().bytes());
        binding.gauge(
                "agenthub.store.failing", snapshot -> snapshot.store().problem().isPresent() ? 1 : 0);
        binding.counter("agenthub.dropped", snapshot -> snapshot.drops().events(), "what", "events");
        binding.counter("agenthub.dropped", snapshot -> snapshot.drops().sideMessages(), "what", "side_messages");
        binding.counter("agenthub.dropped", snapshot -> snapshot.drops().activities(), "what", "activities");
        binding.counter("agenthub.dropped", snapshot -> snapshot.drops().callbacks(), "what", "callbacks");
        binding.counter(
                "agenthub.enhancer.prompts", snapshot -> snapshot.enhancer().enhanced(), "result", "enhanced");
        binding.counter(
                "agenthub.enhancer.prompts", snapshot -> snapshot.enhancer().cached(), "result", "cached");
        binding.counter(
                "agenthub.enhancer.prompts",
                snapshot -> snapshot.enhancer().passedThroughTotal(),
                "result",
                "passed_through");
        cache(binding);
        alerts(binding);
    }

    private static void cache(Binding binding) {
        binding.counter(
                "agenthub.cache.lookups", snapshot -> cache(snapshot, EnhancementCacheStats::hits, 0), "result", "hit");
        binding.counter(
                "agenthub.cache.lookups",
                snapshot -> cache(snapshot, EnhancementCacheStats::misses, 0),
                "result",
                "miss");
        binding.counter("agenthub.cache.evictions", snapshot -> cache(snapshot, EnhancementCacheStats::evictions, 0));
        binding.gauge(
                "agenthub.cache.entries", snapshot -> cache(snapshot, EnhancementCacheStats::entries, Double.NaN));
        binding.gauge(
                "agenthub.cache.bytes", snapshot -> cache(snapshot, EnhancementCacheStats::weightBytes, Double.NaN));
    }

    private static void alerts(Binding binding) {
        for (Alert.Kind kind : Alert.Kind.values()) {
            binding.counter(
                    "agenthub.alerts.raised",
                    snapshot -> snapshot.alertsRaised().getOrDefault(kind, 0L),
                    "kind",
                    kind.name());
            binding.gauge(
                    "agenthub.alerts.active",
                    snapshot -> snapshot.alerts().stream()
                            .filter(alert -> alert.kind() == kind)
                            .count(),
                    "kind",
                    kind.name());
        }
    }

    private static double cache(
            MonitorSnapshot snapshot, ToDoubleFunction<EnhancementCacheStats> value, double without) {
        return snapshot.enhancer()
                .cache()
                .map(cache -> value.applyAsDouble(cache))
                .orElse(without);
    }

    private static void loop(Series<LoopStats> loop) {
        loop.gauge("agenthub.event.loop.lag", "seconds", stats -> stats.lag().toNanos() / 1e9);
        loop.gauge(
                "agenthub.event.loop.recent.max.lag",
                "seconds",
                stats -> stats.recentMaxLag().toNanos() / 1e9);
        loop.gauge("agenthub.event.loop.queued.tasks", "tasks", LoopStats::queuedTasks);
        loop.gauge("agenthub.event.loop.cpu", "ratio", stats -> stats.cpuShare().orElse(Double.NaN));
        loop.counter(
                "agenthub.event.loop.cpu.seconds",
                stats -> stats.cpuTime().map(time -> time.toNanos() / 1e9).orElse(0.0));
    }

    private static void server(Series<ServerStats> server) {
        server.gauge("agenthub.server.connections", "connections", ServerStats::connections);
        server.gauge("agenthub.server.in.flight", null, ServerStats::inFlight);
        server.gauge("agenthub.server.queued", "bytes", ServerStats::queuedBytes);
        server.counter("agenthub.server.restarts", ServerStats::restarts);
        server.counter("agenthub.server.requests", ServerStats::requests);
        server.counter("agenthub.server.orphans", ServerStats::orphans);
        server.counter("agenthub.server.noise", ServerStats::noise);
        server.counter("agenthub.breaker.refused", stats -> stats.breaker().refused());
        server.states("agenthub.server.state", ServerStats::state);
        server.states("agenthub.breaker.state", stats -> stats.breaker().state());
        server.timer("agenthub.server.call.duration", ServerStats::latency);
        server.outcomes("agenthub.server.calls", ServerStats::calls);
    }

    /** Takes all meters out of the registries they were bound to. */
    @Override
    public void close() {
        bindings.forEach(Binding::remove);
        bindings.clear();
    }
}
