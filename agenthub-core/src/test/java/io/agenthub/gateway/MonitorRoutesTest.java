package io.agenthub.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.ConfigurationException;
import io.agenthub.api.activity.ActivityStoreStatus;
import io.agenthub.api.breaker.BreakerState;
import io.agenthub.api.breaker.BreakerStatus;
import io.agenthub.api.enhance.EnhancementCacheStats;
import io.agenthub.api.enhance.EnhancerStats;
import io.agenthub.api.monitor.Alert;
import io.agenthub.api.monitor.ClientStats;
import io.agenthub.api.monitor.Drops;
import io.agenthub.api.monitor.Latency;
import io.agenthub.api.monitor.LoopStats;
import io.agenthub.api.monitor.MonitorSnapshot;
import io.agenthub.api.monitor.QueueStats;
import io.agenthub.api.monitor.ServerStats;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.server.ServerState;
import io.agenthub.core.micrometer.HubMetrics;
import io.agenthub.gateway.internal.http.RawClient.Reply;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.config.NamingConvention;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import org.hawkular.agent.prometheus.text.TextPrometheusMetricDataParser;
import org.hawkular.agent.prometheus.types.Counter;
import org.hawkular.agent.prometheus.types.Gauge;
import org.hawkular.agent.prometheus.types.Histogram;
import org.hawkular.agent.prometheus.types.Metric;
import org.hawkular.agent.prometheus.types.MetricFamily;
import org.hawkular.agent.prometheus.types.MetricType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the monitor shows, read back by a parser that is not ours. */
class MonitorRoutesTest {
    private static final String ODD = "a \"quoted\" \\ one,\nwith {braces} and =";
    private static final Instant AT = Instant.parse("2030-01-01T00:00:05Z");

    private final GatewayHarness harness = GatewayHarness.open();

    @AfterEach
    void close() {
        harness.close();
    }

    private static Latency latency() {
        List<Long> counts = new ArrayList<>(Collections.nCopies(Latency.BOUNDS.size() + 1, 0L));
        counts.set(0, 3L);
        counts.set(2, 5L);
        counts.set(Latency.BOUNDS.size(), 1L);
        return new Latency(counts, Duration.ofMillis(60_001));
    }

    private static MonitorSnapshot snapshot() {
        BreakerStatus breaker = new BreakerStatus("one", BreakerState.OPEN, 3, 7, Optional.of(Duration.ofSeconds(1)));
        return new MonitorSnapshot(
                AT,
                12,
                3_400,
                List.of(new LoopStats(
                        "agenthub-io-1",
                        Duration.ofMillis(312),
                        Duration.ofMillis(400),
                        17,
                        Optional.of(Duration.ofMillis(2_500)),
                        OptionalDouble.of(0.25))),
                Optional.of(new QueueStats(5, 2, 4)),
                List.of(new ServerStats(
                        "one",
                        ServerState.RUNNING,
                        2,
                        breaker,
                        3,
                        4,
                        1_024,
                        100,
                        6,
                        1,
                        Map.of("OK", 8L, "ERROR", 1L, "DEADLINE", 2L),
                        latency())),
                List.of(new ClientStats(ODD, Map.of("OK", 9L), latency())),
                new ActivityStoreStatus(1, 2, 3, 4_096, Optional.empty(), Optional.of("the disk is full")),
                new EnhancerStats(
                        10,
                        20,
                        Map.of("timeout", 30L),
                        1,
                        Optional.of(new EnhancementCacheStats(1, 2, 3, 4, 5, 6, 7, 8, 9))),
                new Drops(1, 2, 3, 4),
                List.of(new Alert(Alert.Kind.LOOP_LAG, "agenthub-io-1", 0.312, 0.1, AT.minusSeconds(3))),
                Map.of(Alert.Kind.LOOP_LAG, 4L));
    }

    private Reply get(String path) {
        return harness.client().get(path).reply();
    }

    private Map<String, MetricFamily> metrics() throws IOException {
        Reply reply = get("/metrics");
        assertEquals(200, reply.status());
        assertEquals("text/plain; version=0.0.4; charset=utf-8", reply.header("content-type"));
        TextPrometheusMetricDataParser parser = new TextPrometheusMetricDataParser(
                new ByteArrayInputStream(reply.body().getBytes(StandardCharsets.UTF_8)));
        Map<String, MetricFamily> families = new LinkedHashMap<>();
        for (MetricFamily family = parser.parse(); family != null; family = parser.parse()) {
            MetricFamily twice = families.put(family.getName(), family);
            assertEquals(null, twice, "a family stands in one place");
        }
        return families;
    }

    private static double value(Map<String, MetricFamily> metrics, String name, Map<String, String> labels) {
        MetricFamily family = metrics.get(name);
        Metric metric = family.getMetrics().stream()
                .filter(one -> one.getLabels().equals(labels))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + labels + " is missing"));
        return metric instanceof Counter counter ? counter.getValue() : ((Gauge) metric).getValue();
    }

    @Test
    void everyMetricIsReadBackWithItsValue() throws IOException {
        harness.hub.monitor = snapshot();
        Map<String, MetricFamily> metrics = metrics();

        assertEquals(12, value(metrics, "agenthub_pending_calls", Map.of()));
        assertEquals(0.312, value(metrics, "agenthub_event_loop_lag_seconds", Map.of("loop", "agenthub-io-1")));
        assertEquals(0.25, value(metrics, "agenthub_event_loop_cpu_ratio", Map.of("loop", "agenthub-io-1")));
        assertEquals(2.5, value(metrics, "agenthub_event_loop_cpu_seconds_total", Map.of("loop", "agenthub-io-1")));
        assertEquals(17, value(metrics, "agenthub_event_loop_queued_tasks", Map.of("loop", "agenthub-io-1")));
        assertEquals(5, value(metrics, "agenthub_callback_queued_tasks", Map.of()));
        assertEquals(2, value(metrics, "agenthub_server_calls_total", Map.of("server", "one", "outcome", "DEADLINE")));
        assertEquals(2, value(metrics, "agenthub_server_restarts_total", Map.of("server", "one")));
        assertEquals(6, value(metrics, "agenthub_server_orphans_total", Map.of("server", "one")));
        assertEquals(1_024, value(metrics, "agenthub_server_queued_bytes", Map.of("server", "one")));
        assertEquals(1, value(metrics, "agenthub_server_state", Map.of("server", "one", "state", "RUNNING")));
        assertEquals(0, value(metrics, "agenthub_server_state", Map.of("server", "one", "state", "FAILED")));
        assertEquals(1, value(metrics, "agenthub_breaker_state", Map.of("server", "one", "state", "OPEN")));
        assertEquals(7, value(metrics, "agenthub_breaker_refused_total", Map.of("server", "one")));
        assertEquals(1, value(metrics, "agenthub_store_failing", Map.of()));
        assertEquals(3, value(metrics, "agenthub_store_dropped_total", Map.of()));
        assertEquals(30, value(metrics, "agenthub_enhancer_prompts_total", Map.of("result", "passed_through")));
        assertEquals(1, value(metrics, "agenthub_cache_lookups_total", Map.of("result", "hit")));
        assertEquals(2, value(metrics, "agenthub_dropped_total", Map.of("what", "side_messages")));
        assertEquals(1, value(metrics, "agenthub_alerts_active", Map.of("kind", "LOOP_LAG")));
        assertEquals(4, value(metrics, "agenthub_alerts_raised_total", Map.of("kind", "LOOP_LAG")));
        assertEquals(0, value(metrics, "agenthub_alerts_active", Map.of("kind", "PENDING_CALLS")));
        assertTrue(value(metrics, "agenthub_gateway_connections", Map.of()) >= 1, "this one");
    }

    /** As registries for Prometheus call it: in snake case, with its unit, and counters with what marks them. */
    private static String prometheus(Meter.Id id) {
        String name = NamingConvention.snakeCase.name(id.getName(), id.getType(), id.getBaseUnit());
        String unit = id.getBaseUnit() == null ? "" : "_" + id.getBaseUnit();
        return switch (id.getType()) {
            case TIMER -> name + "_seconds";
            case COUNTER -> name + "_total";
            default -> name.endsWith(unit) ? name : name + unit;
        };
    }

    @Test
    void micrometerHasTheSameMetersUnderTheSameNames() throws IOException {
        harness.hub.monitor = snapshot();
        MeterRegistry registry = new SimpleMeterRegistry();
        Set<String> bound = new TreeSet<>();
        try (HubMetrics metrics = new HubMetrics(harness.hub)) {
            metrics.bindTo(registry);
            registry.getMeters().forEach(meter -> bound.add(prometheus(meter.getId())));
        }
        Set<String> shown = new TreeSet<>(metrics().keySet());
        shown.removeIf(name -> name.startsWith("agenthub_gateway_"));

        assertEquals(shown, bound);
    }

    @Test
    void countersEndInTotalAndEveryFamilyHasAHelpAndAType() throws IOException {
        harness.hub.monitor = snapshot();
        metrics().forEach((name, family) -> {
            assertEquals(name.endsWith("_total"), family.getType() == MetricType.COUNTER, name);
            assertTrue(family.getHelp().endsWith("."), name + " says: " + family.getHelp());
            assertTrue(name.startsWith("agenthub_"), name);
        });
    }

    @Test
    void aHistogramIsCumulativeAndEndsAtInfinity() throws IOException {
        harness.hub.monitor = snapshot();
        Metric metric = metrics()
                .get("agenthub_server_call_duration_seconds")
                .getMetrics()
                .get(0);
        Histogram histogram = assertInstanceOf(Histogram.class, metric);

        assertEquals(9, histogram.getSampleCount());
        assertEquals(60.001, histogram.getSampleSum());
        List<Histogram.Bucket> buckets = histogram.getBuckets();
        assertEquals(Latency.BOUNDS.size() + 1, buckets.size());
        assertEquals(0.000025, buckets.get(0).getUpperBound());
        assertEquals(3, buckets.get(0).getCumulativeCount());
        assertEquals(3, buckets.get(1).getCumulativeCount());
        assertEquals(8, buckets.get(2).getCumulativeCount());
        assertEquals(8, buckets.get(buckets.size() - 2).getCumulativeCount());
        assertEquals(Double.POSITIVE_INFINITY, buckets.get(buckets.size() - 1).getUpperBound());
        assertEquals(9, buckets.get(buckets.size() - 1).getCumulativeCount());
    }

    @Test
    void aNameWithQuotesBackslashesAndLineBreaksSurvives() throws IOException {
        harness.hub.monitor = snapshot();
        assertEquals(9, value(metrics(), "agenthub_client_calls_total", Map.of("client", ODD, "outcome", "OK")));
    }

    @Test
    void aHubThatMeasuresNothingIsNoError() throws IOException {
        assertEquals(0, value(metrics(), "agenthub_pending_calls", Map.of()));
        assertEquals(200, get("/monitor").status());
    }

    private static String at(Reply reply, String pointer) {
        return JsonText.of(reply.body()).at(pointer).map(JsonText::toString).orElse("absent");
    }

    @Test
    void theSameIsShownAsJson() {
        harness.hub.monitor = snapshot();
        Reply reply = get("/monitor");

        assertEquals(200, reply.status());
        assertEquals("12", at(reply, "/pendingCalls"));
        assertEquals("\"LOOP_LAG\"", at(reply, "/alerts/0/kind"));
        assertEquals("3000", at(reply, "/alerts/0/forMs"));
        assertEquals("4", at(reply, "/alertsRaised/LOOP_LAG"));
        assertEquals("0", at(reply, "/alertsRaised/LOOP_CPU"));
        assertEquals("312.0", at(reply, "/loops/0/lagMs"));
        assertEquals("5", at(reply, "/callbacks/queuedTasks"));
        assertEquals("\"OPEN\"", at(reply, "/servers/0/breaker/state"));
        assertEquals("9", at(reply, "/servers/0/latency/count"));
        assertEquals("3", at(reply, "/servers/0/latency/buckets/0"));
        assertEquals("0.025", at(reply, "/latencyBoundsMs/0"));
        assertEquals(JsonText.quote(ODD).toString(), at(reply, "/clients/0/name"));
        assertEquals("\"the disk is full\"", at(reply, "/store/problem"));
        assertEquals("1", at(reply, "/enhancer/cache/hits"));
        assertEquals("3", at(reply, "/drops/activities"));
    }

    @Test
    void aConfigurationFileThatCannotBeUsedIsShownWithItsPlace() {
        harness.hub.problem = Optional.of(
                new ConfigurationException("mcpServers.files.comand", "is unknown; did you mean 'command'?"));
        Reply health = get("/health");
        assertEquals(200, health.status());
        assertEquals("\"degraded\"", at(health, "/status"));
        assertEquals("\"mcpServers.files.comand\"", at(health, "/configurationProblem/path"));
        assertTrue(at(health, "/configurationProblem/message").contains("did you mean"));
        assertEquals("\"mcpServers.files.comand\"", at(get("/servers"), "/configurationProblem/path"));

        harness.hub.problem = Optional.empty();
        assertEquals("absent", at(get("/health"), "/configurationProblem"));
        assertEquals("absent", at(get("/servers"), "/configurationProblem"));
    }
}
