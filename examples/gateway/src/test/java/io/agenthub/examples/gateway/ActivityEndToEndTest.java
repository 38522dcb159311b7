package io.agenthub.examples.gateway;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.Settings;
import io.agenthub.api.hub.HubConfig;
import io.agenthub.api.hub.PartChoice;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.tck.Await;
import io.agenthub.tck.FakeMcpServer;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Calls through the socket, kept in a real SQLite file, asked for through the socket. */
@ExtendWith(NeverBlocks.class)
class ActivityEndToEndTest {
    @TempDir
    Path folder;

    private RunningGateway gateway;

    @BeforeEach
    void start() {
        HubConfig config = HubConfig.builder()
                .activity(new PartChoice(
                        "sqlite",
                        Settings.of(
                                "activity",
                                Map.of("file", folder.resolve("activity.db").toString()))))
                .build();
        gateway = new RunningGateway(hub -> hub.config(config)
                .server(ServerSpec.stdio("fake", FakeMcpServer.command()).build()));
        gateway.callTool("fake", "echo", Map.of("text", "one"));
        gateway.rpc("fake", "\"two\"", "tools/call", Map.of("name", "error", "arguments", Map.of()));
        Await.value(gateway.client.sendAsync(
                HttpRequest.newBuilder(gateway.address.resolve("/mcp/nobody/tools/list"))
                        .header("Content-Type", "application/json")
                        .header("X-Client-Name", "inspector")
                        .POST(HttpRequest.BodyPublishers.ofString("{\"jsonrpc\":\"2.0\",\"id\":3}"))
                        .build(),
                BodyHandlers.ofString()));
        Await.until("the calls are kept", () -> total("?kind=CALL") == 3);
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private long total(String query) {
        JsonText page = gateway.get("/audit/activity" + query + "&counted=true");
        return Long.parseLong(
                page.member("total").orElseThrow(() -> new AssertionError(page)).toString());
    }

    private HttpResponse<String> send(String method, String path) {
        return Await.value(gateway.client.sendAsync(
                HttpRequest.newBuilder(gateway.address.resolve(path))
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString()));
    }

    @Test
    void callsAreFoundByWhoAskedWhatAndHowItEnded() {
        JsonText page = gateway.get("/audit/activity?kind=CALL&outcome=ERROR");
        List<JsonText> found = page.member("activities")
                .orElseThrow(() -> new AssertionError(page))
                .elements();
        assertEquals(1, found.size(), page.toString());
        JsonText call = found.get(0);
        assertEquals("error", call.member("tool").flatMap(JsonText::string).orElseThrow());
        assertEquals("fake", call.member("server").flatMap(JsonText::string).orElseThrow());
        assertEquals(
                "\"two\"", call.member("requestId").flatMap(JsonText::string).orElseThrow());
        assertTrue(call.member("peer").isPresent(), call.toString());
        assertEquals("200", call.member("httpStatus").orElseThrow().toString());
        assertEquals("\"CLOSED\"", call.member("breaker").orElseThrow().toString());
        assertTrue(call.member("requestHash").isPresent(), call.toString());
        assertEquals(1, total("?kind=CALL&outcome=UNKNOWN_SERVER&status=404"));
        assertFalse(page.toString().contains("one"), "arguments are not kept unless asked for");
        assertTrue(total("?kind=SERVER&server=fake") >= 2);
    }

    /** Of the three calls, each filter lets through as many as it should, whether they are listed or summed up. */
    @Test
    void everyFilterHoldsForPagesAndForStatistics() {
        List<String> expectations = List.of(
                "3 from=2020-01-01T00:00:00Z",
                "0 from=2120-01-01T00:00:00Z",
                "3 until=2120-01-01T00:00:00Z",
                "0 until=2020-01-01T00:00:00Z",
                "1 client=inspector",
                "0 client=another",
                "2 server=fake",
                "0 server=another",
                "2 method=tools/call",
                "1 method=tools/list",
                "1 tool=echo",
                "0 tool=another",
                "1 outcome=OK",
                "1 outcome=ERROR",
                "0 outcome=DEADLINE",
                "2 status=200",
                "1 status=400-499",
                "0 status=5xx",
                "1 requestId=3",
                "0 requestId=4",
                "1 text=ech",
                "1 text=inspect",
                "0 text=no%20such%20words",
                "1 server=fake&tool=error&outcome=ERROR&status=2xx",
                "0 server=fake&tool=echo&outcome=ERROR");
        assertAll(expectations.stream().map(line -> () -> {
            String filter = "?kind=CALL&" + line.substring(2);
            String expected = line.substring(0, 1);
            JsonText page = gateway.get("/audit/activity" + filter);
            int listed = page.member("activities").orElseThrow().elements().size();
            assertEquals(expected, String.valueOf(listed), () -> "listed by " + line + ": " + page);
            assertEquals(expected, String.valueOf(total(filter)), () -> "counted by " + line);
            JsonText stats = gateway.get("/audit/activity/stats" + filter);
            JsonText summed = stats.member("total").orElseThrow();
            assertEquals(expected, summed.toString(), () -> "summed up by " + line + ": " + stats);
        }));
    }

    @Test
    void statisticsExportAndVerificationAreAnswered() {
        JsonText stats = gateway.get("/audit/activity/stats?kind=CALL");
        assertTrue(stats.toString().contains("\"fake\""), stats.toString());
        HttpResponse<String> lines = send("GET", "/audit/activity/export?kind=CALL");
        assertEquals(200, lines.statusCode());
        assertEquals(3, lines.body().lines().count(), lines.body());
        lines.body().lines().forEach(JsonText::of);
        HttpResponse<String> table = send("GET", "/audit/activity/export?format=csv&kind=CALL");
        assertEquals(4, table.body().lines().count(), table.body());
        assertEquals(
                "true",
                gateway.get("/audit/integrity/verify")
                        .member("intact")
                        .orElseThrow()
                        .toString());
        assertTrue(gateway.get("/audit/integrity/verify").member("headsChecked").isPresent());
        assertTrue(gateway.get("/audit/status").member("written").isPresent());
    }

    @Test
    void whatIsNotUnderstoodIsNamed() {
        for (String path : List.of(
                "/audit/activity?colour=red",
                "/audit/activity?limit=many",
                "/audit/activity/export?format=pdf",
                "/audit/activity/stats?step=soon")) {
            HttpResponse<String> answer = send("GET", path);
            assertEquals(400, answer.statusCode(), path + " " + answer.body());
            assertTrue(answer.body().contains("BAD_REQUEST"), answer.body());
        }
    }

    @Test
    void activitiesAreRemovedWhenThatIsAskedFor() {
        HttpResponse<String> kept = Await.value(gateway.post("/audit/activity/cleanup", "{\"age\":\"1d\"}"));
        assertEquals("{\"removed\":0}", kept.body());
        assertEquals(
                400,
                Await.value(gateway.post("/audit/activity/cleanup", "{\"aeg\":\"1d\"}"))
                        .statusCode());
        HttpResponse<String> removed = send("DELETE", "/audit/activity");
        assertEquals(200, removed.statusCode(), removed.body());
        assertEquals(0, total("?kind=CALL"));
        assertEquals(
                "true",
                gateway.get("/audit/integrity/verify")
                        .member("intact")
                        .orElseThrow()
                        .toString());
    }

    @Test
    void withoutAnEnhancerPromptsPassThroughAndSayWhy() {
        JsonText answer = JsonText.of(Await.value(gateway.post("/ollama/enhance", "{\"prompt\":\"make it better\"}"))
                .body());
        assertEquals(
                "make it better",
                answer.member("enhanced").flatMap(JsonText::string).orElseThrow());
        assertEquals("false", answer.member("was_enhanced").orElseThrow().toString());
        assertTrue(answer.member("error").flatMap(JsonText::string).isPresent(), answer.toString());
        assertEquals(
                400,
                Await.value(gateway.post("/ollama/enhance", "{\"promt\":\"x\"}"))
                        .statusCode());
        assertEquals(200, send("GET", "/ollama/stats").statusCode());
    }
}
