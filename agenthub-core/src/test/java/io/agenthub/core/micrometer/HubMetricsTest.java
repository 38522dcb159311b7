package io.agenthub.core.micrometer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.activity.ActivityStoreStatus;
import io.agenthub.api.breaker.BreakerState;
import io.agenthub.api.breaker.BreakerStatus;
import io.agenthub.api.enhance.EnhancerStats;
import io.agenthub.api.monitor.Alert;
import io.agenthub.api.monitor.ClientStats;
import io.agenthub.api.monitor.Drops;
import io.agenthub.api.monitor.Latency;
import io.agenthub.api.monitor.LoopStats;
import io.agenthub.api.monitor.MonitorSnapshot;
import io.agenthub.api.monitor.ServerStats;
import io.agenthub.api.server.ServerState;
import io.agenthub.tck.Await;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HubMetricsTest {
    private final StubHub hub = new StubHub();
    private final MeterRegistry registry = new SimpleMeterRegistry();

    private static ServerStats server(String name, Map<String, Long> calls) {
        List<Long> counts = new ArrayList<>(Collections.nCopies(Latency.BOUNDS.size() + 1, 0L));
        counts.set(2, 4L);
        return new ServerStats(
                name,
                ServerState.RUNNING,
                2,
                new BreakerStatus(name, BreakerState.CLOSED, 0, 9, Optional.empty()),
                1,
                3,
                512,
                20,
                5,
                1,
                calls,
                new Latency(counts, Duration.ofMillis(8)));
    }

    private static MonitorSnapshot snapshot(ServerStats... servers) {
        return new MonitorSnapshot(
                Instant.EPOCH,
                7,
                100,
                List.of(new LoopStats(
                        "io-1",
                        Duration.ofMillis(20),
                        Duration.ofMillis(40),
                        6,
                        Optional.empty(),
                        OptionalDouble.of(0.5))),
                Optional.empty(),
                Arrays.asList(servers),
                List.of(new ClientStats("cli", Map.of("OK", 4L), Latency.NONE)),
                new ActivityStoreStatus(1, 2, 3, 4, Optional.empty(), Optional.empty()),
                EnhancerStats.NONE,
                new Drops(1, 2, 3, 4),
                List.of(new Alert(Alert.Kind.LOOP_LAG, "io-1", 0.3, 0.1, Instant.EPOCH)),
                Map.of(Alert.Kind.LOOP_LAG, 2L));
    }

    private double gauge(String name, String... tags) {
        return registry.get(name).tags(tags).gauge().value();
    }

    private double counter(String name, String... tags) {
        return registry.get(name).tags(tags).functionCounter().count();
    }

    @Test
    void everythingIsShown() {
        hub.monitor = snapshot(server("a", Map.of("OK", 4L, "DEADLINE", 1L)));
        new HubMetrics(hub).bindTo(registry);

        assertEquals(7, gauge("agenthub.pending.calls"));
        assertEquals(0.02, gauge("agenthub.event.loop.lag", "loop", "io-1"));
        assertEquals(0.5, gauge("agenthub.event.loop.cpu", "loop", "io-1"));
        assertEquals(3, gauge("agenthub.server.in.flight", "server", "a"));
        assertEquals(512, gauge("agenthub.server.queued", "server", "a"));
        assertEquals(1, gauge("agenthub.server.state", "server", "a", "state", "RUNNING"));
        assertEquals(0, gauge("agenthub.server.state", "server", "a", "state", "FAILED"));
        assertEquals(1, gauge("agenthub.breaker.state", "server", "a", "state", "CLOSED"));
        assertEquals(4, counter("agenthub.server.calls", "server", "a", "outcome", "OK"));
        assertEquals(1, counter("agenthub.server.calls", "server", "a", "outcome", "DEADLINE"));
        assertEquals(4, counter("agenthub.client.calls", "client", "cli", "outcome", "OK"));
        assertEquals(5, counter("agenthub.server.orphans", "server", "a"));
        assertEquals(9, counter("agenthub.breaker.refused", "server", "a"));
        assertEquals(2, counter("agenthub.dropped", "what", "side_messages"));
        assertEquals(2, counter("agenthub.alerts.raised", "kind", "LOOP_LAG"));
        assertEquals(1, gauge("agenthub.alerts.active", "kind", "LOOP_LAG"));
        assertEquals(0, gauge("agenthub.alerts.active", "kind", "PENDING_CALLS"));
        var timer = registry.get("agenthub.server.call.duration").functionTimer();
        assertEquals(4, timer.count());
        assertEquals(8, timer.totalTime(TimeUnit.MILLISECONDS));
    }

    @Test
    void serversAndOutcomesComeAndGoWithTheHubs() {
        hub.monitor = snapshot(server("a", Map.of("OK", 4L)));
        new HubMetrics(hub).bindTo(registry);
        hub.monitor = snapshot(server("a", Map.of("OK", 4L, "BUSY", 1L)), server("b", Map.of()));
        Await.until("the new server is there", () -> {
            gauge("agenthub.pending.calls"); // a reading, as by a registry that publishes
            return registry.find("agenthub.server.in.flight").tag("server", "b").gauge() != null;
        });
        assertEquals(1, counter("agenthub.server.calls", "server", "a", "outcome", "BUSY"));

        hub.monitor = snapshot(server("b", Map.of()));
        Await.until("the old one is gone", () -> {
            gauge("agenthub.pending.calls");
            return registry.find("agenthub.server.in.flight").tag("server", "a").gauge() == null;
        });
        assertNull(registry.find("agenthub.server.calls").tag("server", "a").functionCounter());
    }

    @Test
    void aReadingOfAllMetersTakesAFewSnapshotsAtMost() {
        hub.monitor = snapshot(server("a", Map.of("OK", 4L)));
        new HubMetrics(hub).bindTo(registry);
        int before = hub.snapshots.get();
        registry.forEachMeter(meter -> meter.measure().forEach(measurement -> measurement.getValue()));
        int meters = registry.getMeters().size();
        assertTrue(meters > 40, meters + " meters");
        assertTrue(hub.snapshots.get() - before < 10, "one a second");
    }

    @Test
    void twoHubsAreToldApartByTags() {
        StubHub other = new StubHub();
        hub.monitor = snapshot();
        new HubMetrics(hub, Tags.of("hub", "one")).bindTo(registry);
        new HubMetrics(other, Tags.of("hub", "two")).bindTo(registry);
        assertEquals(7, gauge("agenthub.pending.calls", "hub", "one"));
        assertEquals(0, gauge("agenthub.pending.calls", "hub", "two"));
    }

    @Test
    void closingTakesAllMetersOut() {
        hub.monitor = snapshot(server("a", Map.of("OK", 4L)));
        HubMetrics metrics = new HubMetrics(hub);
        metrics.bindTo(registry);
        metrics.close();
        metrics.close();
        assertEquals(List.of(), registry.getMeters());
    }
}
