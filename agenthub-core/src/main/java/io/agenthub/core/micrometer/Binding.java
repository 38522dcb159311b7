package io.agenthub.core.micrometer;

import io.agenthub.api.hub.Hub;
import io.agenthub.api.monitor.ClientStats;
import io.agenthub.api.monitor.LoopStats;
import io.agenthub.api.monitor.MonitorSnapshot;
import io.agenthub.api.monitor.ServerStats;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** A hub's meters in one registry. One reading of the registry takes one snapshot, not one for each meter. Thread-safe. */
final class Binding {
    private static final long FRESH = TimeUnit.SECONDS.toNanos(1);

    private final Hub hub;
    private final MeterRegistry registry;
    private final Tags tags;
    private final Set<Meter> own = ConcurrentHashMap.newKeySet();
    private final AtomicLong lookedAt;
    private final Kind<LoopStats> loops = new Kind<>("loop", MonitorSnapshot::loops, LoopStats::name);
    private final Kind<ServerStats> servers = new Kind<>("server", MonitorSnapshot::servers, ServerStats::name);
    private final Kind<ClientStats> clients = new Kind<>("client", MonitorSnapshot::clients, ClientStats::name);
    private volatile MonitorSnapshot snapshot;
    private volatile boolean removed;

    /** Things of one kind that come and go, each with its meters. */
    private final class Kind<T> {
        private final String tag;
        private final Function<MonitorSnapshot, List<T>> all;
        private final Function<T, String> name;
        private final Map<String, Series<T>> present = new ConcurrentHashMap<>();
        private Consumer<Series<T>> meters = series -> {};

        Kind(String tag, Function<MonitorSnapshot, List<T>> all, Function<T, String> name) {
            this.tag = tag;
            this.all = all;
            this.name = name;
        }

        Optional<T> find(String wanted) {
            return all.apply(fresh()).stream()
                    .filter(one -> name.apply(one).equals(wanted))
                    .findFirst();
        }

        void follow(MonitorSnapshot now) {
            List<String> names = all.apply(now).stream().map(name).toList();
            present.keySet().removeIf(gone -> {
                boolean absent = !names.contains(gone);
                if (absent) {
                    Series<T> series = present.get(gone);
                    if (series != null) {
                        series.remove();
                    }
                }
                return absent;
            });
            for (T one : all.apply(now)) {
                present.computeIfAbsent(name.apply(one), this::series).follow(one);
            }
        }

        private Series<T> series(String of) {
            Series<T> series = new Series<>(registry, tags.and(tag, of), () -> find(of));
            meters.accept(series);
            return series;
        }
    }

    Binding(Hub hub, MeterRegistry registry, Iterable<Tag> tags) {
        this.hub = hub;
        this.registry = registry;
        this.tags = Tags.of(tags);
        this.snapshot = hub.monitor();
        this.lookedAt = new AtomicLong(System.nanoTime());
    }

    void loops(Consumer<Series<LoopStats>> meters) {
        loops.meters = meters;
    }

    void servers(Consumer<Series<ServerStats>> meters) {
        servers.meters = meters;
    }

    void clients() {
        clients.meters = client -> {
            client.timer("agenthub.client.call.duration", ClientStats::latency);
            client.outcomes("agenthub.client.calls", ClientStats::calls);
        };
    }

    void gauge(String name, ToDoubleFunction<MonitorSnapshot> value, String... more) {
        own.add(Gauge.builder(name, this, self -> value.applyAsDouble(self.fresh()))
                .tags(tags.and(more))
                .strongReference(true)
                .register(registry));
    }

    void counter(String name, ToDoubleFunction<MonitorSnapshot> value, String... more) {
        own.add(FunctionCounter.builder(name, this, self -> value.applyAsDouble(self.fresh()))
                .tags(tags.and(more))
                .register(registry));
    }

    /** The snapshot, taken anew once it is a second old. */
    private MonitorSnapshot fresh() {
        if (Thread.holdsLock(this)) {
            return snapshot; // it is being looked at
        }
        long now = System.nanoTime();
        long before = lookedAt.get();
        if (!removed && now - before >= FRESH && lookedAt.compareAndSet(before, now)) {
            look();
        }
        return snapshot;
    }

    /** Takes a snapshot, and makes the meters of what is new. */
    synchronized void look() {
        MonitorSnapshot now = hub.monitor();
        snapshot = now;
        loops.follow(now);
        servers.follow(now);
        clients.follow(now);
    }

    synchronized void remove() {
        removed = true;
        own.forEach(registry::remove);
        loops.follow(MonitorSnapshot.NONE);
        servers.follow(MonitorSnapshot.NONE);
        clients.follow(MonitorSnapshot.NONE);
    }
}
