package io.agenthub.core.micrometer;

import io.agenthub.api.monitor.Latency;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** The meters of one thing: a loop, a server or a client. Made and changed under its binding's lock; read by any thread. */
final class Series<T> {
    private final MeterRegistry registry;
    private final Tags tags;
    private final Supplier<Optional<T>> now;
    private final List<Meter> meters = new ArrayList<>();
    private final Set<String> outcomes = new HashSet<>();
    private String callsName = "";
    private Function<T, Map<String, Long>> calls = any -> Map.of();

    Series(MeterRegistry registry, Tags tags, Supplier<Optional<T>> now) {
        this.registry = registry;
        this.tags = tags;
        this.now = now;
    }

    private double read(ToDoubleFunction<T> value, double absent) {
        return now.get().map(thing -> value.applyAsDouble(thing)).orElse(absent);
    }

    void gauge(String name, @Nullable String unit, ToDoubleFunction<T> value) {
        meters.add(Gauge.builder(name, this, self -> self.read(value, Double.NaN))
                .tags(tags)
                .baseUnit(unit)
                .strongReference(true)
                .register(registry));
    }

    void counter(String name, ToDoubleFunction<T> value) {
        meters.add(FunctionCounter.builder(name, this, self -> self.read(value, 0))
                .tags(tags)
                .register(registry));
    }

    /** One gauge for each state: 1 for the one that holds. */
    <E extends Enum<E>> void states(String name, Function<T, E> state) {
        now.get().ifPresent(thing -> {
            for (E one : state.apply(thing).getDeclaringClass().getEnumConstants()) {
                meters.add(Gauge.builder(name, this, self -> self.read(any -> state.apply(any) == one ? 1 : 0, 0))
                        .tags(tags.and("state", one.name()))
                        .strongReference(true)
                        .register(registry));
            }
        });
    }

    void timer(String name, Function<T, Latency> latency) {
        meters.add(FunctionTimer.builder(
                        name,
                        this,
                        self -> (long) self.read(thing -> latency.apply(thing).count(), 0),
                        self -> self.read(thing -> latency.apply(thing).total().toNanos(), 0),
                        TimeUnit.NANOSECONDS)
                .tags(tags)
                .register(registry));
    }

    /** A counter for each outcome, from when it is first seen. */
    void outcomes(String name, Function<T, Map<String, Long>> counts) {
        callsName = name;
        calls = counts;
    }

    void follow(T thing) {
        for (String outcome : calls.apply(thing).keySet()) {
            if (outcomes.add(outcome)) {
                Function<T, Map<String, Long>> counts = calls;
                meters.add(FunctionCounter.builder(
                                callsName,
                                this,
                                self -> self.read(any -> counts.apply(any).getOrDefault(outcome, 0L), 0))
                        .tags(tags.and("outcome", outcome))
                        .register(registry));
            }
        }
    }

    void remove() {
        meters.forEach(registry::remove);
    }
}
