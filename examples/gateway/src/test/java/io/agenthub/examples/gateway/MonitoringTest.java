package io.agenthub.examples.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.Settings;
import io.agenthub.api.hub.HubConfig;
import io.agenthub.api.hub.PartChoice;
import io.agenthub.api.monitor.MonitorSnapshot;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.api.server.ServerState;
import io.agenthub.core.micrometer.HubMetrics;
import io.agenthub.gateway.GatewayConfig;
import io.agenthub.tck.Await;
import io.agenthub.tck.FakeMcpServer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a running gateway shows of itself, read by the parsers of those who will read it. */
@ExtendWith(NeverBlocks.class)
class MonitoringTest {
    private static final String PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    private static final String HOSTILE = "<img src=x onerror=alert(1)> \"quoted\" \\ back";

    @TempDir
    Path folder;

    private static ServerSpec fake(String name) {
        return ServerSpec.stdio(name, FakeMcpServer.command()).build();
    }

    /** With a store and a cache, so that there is something to show of every part. */
    private RunningGateway complete() {
        HubConfig config = HubConfig.builder()
                .activity(new PartChoice(
                        "sqlite",
                        Settings.of(
                                "activity",
                                Map.of("file", folder.resolve("activity.db").toString()))))
                .enhancer(new PartChoice("ollama", Settings.of("enhancer", Map.of("baseUrl", "http://127.0.0.1:9"))))
                .build();
        return new RunningGateway(hub -> hub.config(config).server(fake("fake")).server(fake("idle")));
    }

    private static HttpResponse<String> call(RunningGateway gateway, String tool, String arguments, String... headers) {
        String body =
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"params\":{\"name\":\"" + tool + "\",\"arguments\":" + arguments + "}}";
        HttpRequest.Builder request = HttpRequest.newBuilder(gateway.address.resolve("/mcp/fake/tools/call"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return Await.value(gateway.client.sendAsync(request.build(), BodyHandlers.ofString()));
    }

    private static void someCalls(RunningGateway gateway) {
        call(gateway, "echo", "{\"text\":\"a\"}");
        call(gateway, "echo", "{\"text\":\"b\"}", "X-Client-Name", HOSTILE);
        call(gateway, "error", "{}", "X-Client-Name", HOSTILE);
        call(gateway, "never", "{}", "X-Timeout-Ms", "50");
        Await.until(
                "all are counted",
                () -> gateway.hub.monitor().servers().get(0).calls().size() == 3);
    }

    private static String text(JsonText json, String pointer) {
        return json.at(pointer).map(JsonText::toString).orElse("absent");
    }

    private static List<String> strings(JsonText json, String pointer) {
        return json.at(pointer).orElseThrow().elements().stream()
                .map(element -> element.string().orElseThrow())
                .toList();
    }

    @Test
    void everyMetricThatTheDashboardAndTheRulesNameIsThere() {
        try (RunningGateway gateway = complete()) {
            someCalls(gateway);
            JsonText report = NodeScript.run("monitoring.mjs", gateway.address.toString(), "../../docs/monitoring");

            assertEquals(List.of(), strings(report, "/wrong"));
            assertEquals(List.of(), strings(report, "/untyped"));
            assertEquals("\"text/plain; version=0.0.4; charset=utf-8\"", text(report, "/contentType"));
            assertTrue(strings(report, "/used").size() > 20, text(report, "/used"));
            assertTrue(Integer.parseInt(text(report, "/rules")) >= 10);
            JsonText values = report.member("values").orElseThrow();
            assertEquals("\"2\"", text(values, "/agenthub_server_calls_total outcome=OK server=fake"));
            assertEquals("\"1\"", text(values, "/agenthub_server_calls_total outcome=ERROR server=fake"));
            assertEquals("\"1\"", text(values, "/agenthub_server_calls_total outcome=DEADLINE server=fake"));
            assertEquals("\"3\"", text(values, "/agenthub_server_call_duration_seconds_count server=fake"));
            assertEquals("\"1\"", text(values, "/agenthub_server_state server=fake state=RUNNING"));
            assertEquals("\"1\"", text(values, "/agenthub_server_state server=idle state=STOPPED"));
            assertTrue(values.members().keySet().stream().anyMatch(name -> name.contains(HOSTILE)), values.toString());
        }
    }

    @Test
    void theDashboardShowsWhatIsAndRunsNothingElse() {
        try (RunningGateway gateway = complete()) {
            someCalls(gateway);
            JsonText page = NodeScript.run("dashboard.mjs", gateway.address.toString());

            assertEquals(List.of(), strings(page, "/errors"));
            assertEquals(List.of("/monitor", "/servers"), strings(page, "/asked"), "nothing from outside");
            String policy = page.at("/policy").flatMap(JsonText::string).orElseThrow();
            assertTrue(policy.startsWith("default-src 'none'; "), policy);
            for (String part : List.of("script", "style")) {
                String digest = page.member(part).flatMap(JsonText::string).orElseThrow();
                assertTrue(policy.contains(part + "-src '" + digest + "'"), policy);
            }
            assertFalse(policy.contains("unsafe"), policy);
            assertEquals("0", text(page, "/handlers"), "no inline handlers, styles or links");
            assertEquals("0", text(page, "/images"), "a client's name is text");

            assertEquals("\"fake\"", text(page, "/servers/0/0"));
            assertEquals("\"RUNNING\"", text(page, "/servers/0/1"));
            assertEquals("\"CLOSED\"", text(page, "/servers/0/2"));
            assertEquals("\"4\"", text(page, "/servers/0/5"));
            assertEquals("\"idle\"", text(page, "/servers/1/0"));
            assertTrue(strings(page, "/loops").contains("agenthub-control"));
            assertEquals(List.of(HOSTILE), strings(page, "/clients"));
        }
    }

    @Test
    void theDashboardAsksForTheTokenAndShowsNothingWithoutIt() {
        GatewayConfig config =
                GatewayConfig.builder().port(0).token("secret-token").build();
        try (RunningGateway gateway = new RunningGateway(hub -> hub.server(fake("fake")), config)) {
            assertEquals(401, status(gateway, "/monitor"));
            assertEquals(401, status(gateway, "/metrics"));
            assertEquals(200, status(gateway, "/dashboard"));
            JsonText page = NodeScript.run("dashboard.mjs", gateway.address.toString(), "secret-token");
            assertEquals("\"fake\"", text(page, "/servers/0/0"));
        }
    }

    private static int status(RunningGateway gateway, String path) {
        return Await.value(gateway.client.sendAsync(
                        HttpRequest.newBuilder(gateway.address.resolve(path)).build(), BodyHandlers.discarding()))
                .statusCode();
    }

    @Test
    void aTraceReachesTheServerByHeaderAndByMeta() {
        try (RunningGateway gateway = new RunningGateway(hub -> hub.server(fake("fake")))) {
            String byHeader = call(
                            gateway, "meta", "{}", "traceparent", PARENT, "tracestate", "a=b", "baggage", "user=alice")
                    .body();
            JsonText meta = meta(byHeader);
            assertEquals("\"" + PARENT + "\"", text(meta, "/traceparent"));
            assertEquals("\"a=b\"", text(meta, "/tracestate"));
            assertEquals("\"user=alice\"", text(meta, "/baggage"));

            String own = "{\"name\":\"meta\",\"arguments\":{},\"_meta\":{\"traceparent\":\"" + PARENT + "\"}}";
            HttpResponse<String> byMeta = Await.value(gateway.post("/mcp/fake/tools/call", own));
            assertEquals("\"" + PARENT + "\"", text(meta(byMeta.body()), "/traceparent"));

            String none =
                    call(gateway, "meta", "{}", "traceparent", "00-nonsense").body();
            assertFalse(none.contains("traceparent"), "neither invented nor passed on unchecked: " + none);
        }
    }

    private static JsonText meta(String response) {
        JsonText json = JsonText.of(response);
        JsonText result = json.member("result").orElse(json);
        return result.member("structuredContent").orElseThrow(() -> new AssertionError(response));
    }

    @Test
    void aChangedFileThatCannotBeUsedIsShownUntilItIsRepaired() throws IOException {
        Path file = folder.resolve("servers.json");
        String good = "{\"mcpServers\":{\"fake\":{\"command\":"
                + JsonText.ofValue(FakeMcpServer.command()[0])
                + ",\"args\":"
                + JsonText.ofValue(List.of(FakeMcpServer.command()).subList(1, FakeMcpServer.command().length))
                + "}}}";
        Files.writeString(file, good);
        try (RunningGateway gateway = new RunningGateway(hub -> hub.configFile(file))) {
            assertEquals("absent", text(gateway.get("/health"), "/configurationProblem"));

            Files.writeString(file, good.replace("\"args\"", "\"arguments\""));
            Await.until(
                    "the problem is shown",
                    () -> gateway.get("/health").member("configurationProblem").isPresent());
            JsonText health = gateway.get("/health");
            assertEquals("\"degraded\"", text(health, "/status"));
            String message = health.at("/configurationProblem/message")
                    .flatMap(JsonText::string)
                    .orElseThrow();
            assertTrue(message.contains("arguments"), message);
            assertTrue(text(health, "/configurationProblem/path").contains("fake"), health.toString());
            assertFalse(message.contains(folder.toString()), "no path of the machine: " + message);
            assertEquals(text(health, "/configurationProblem"), text(gateway.get("/servers"), "/configurationProblem"));
            assertEquals(200, call(gateway, "echo", "{}").statusCode(), "the old configuration is in force");

            Files.writeString(file, good + "\n");
            Await.until(
                    "it is over",
                    () -> gateway.get("/health").member("configurationProblem").isEmpty());
            assertEquals("\"up\"", text(gateway.get("/health"), "/status"));
        }
    }

    @Test
    void theSnapshotOfTheHubItselfTellsTheSame() {
        try (RunningGateway gateway = complete()) {
            someCalls(gateway);
            MonitorSnapshot snapshot = gateway.hub.monitor();
            assertEquals(ServerState.RUNNING, snapshot.servers().get(0).state());
            assertEquals(4, snapshot.servers().get(0).requests());
            assertEquals(3, snapshot.servers().get(0).latency().count());
            assertEquals(0, snapshot.pendingCalls());
            assertEquals(1, snapshot.clients().size());
            assertTrue(snapshot.enhancer().cache().isPresent());
            Await.until("calls are kept", () -> gateway.hub.monitor().store().written() >= 4);
            assertTrue(snapshot.loops().stream().noneMatch(loop -> loop.name().startsWith("loop-")));
        }
    }

    @Test
    void micrometerShowsTheSameHub() {
        try (RunningGateway gateway = complete()) {
            someCalls(gateway);
            MeterRegistry registry = new SimpleMeterRegistry();
            try (HubMetrics metrics = new HubMetrics(gateway.hub)) {
                metrics.bindTo(registry);
                assertEquals(
                        2,
                        registry.get("agenthub.server.calls")
                                .tags("server", "fake", "outcome", "OK")
                                .functionCounter()
                                .count());
                assertEquals(
                        1,
                        registry.get("agenthub.server.state")
                                .tags("server", "idle", "state", "STOPPED")
                                .gauge()
                                .value());
            }
            assertEquals(List.of(), registry.getMeters());
        }
    }
}
