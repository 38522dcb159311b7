package io.agenthub.examples.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.Settings;
import io.agenthub.api.hub.HubConfig;
import io.agenthub.api.hub.PartChoice;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.server.ToolPrompt;
import io.agenthub.tck.Await;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Prompts in calls of tools, through the real gateway to a real server. */
class EnhancedCallsTest extends EnhancementHarness {
    @Test
    void aToolsPromptIsImprovedOnItsWayAndNothingElseChanges() {
        open(Map.of(), ToolPrompt.always("echo", "/text"));

        String answer = echoed("{\"n\":1.00, \"text\" : \"a cat\",\"u\":\"\\u00e9\"}");

        assertTrue(answer.contains("{\"n\":1.00, \"text\" : \"Improved: a cat\",\"u\":\"\\u00e9\"}"), answer);
        assertTrue(echoed("{\"text\":\"a cat\"}", "X-Enhance", "false").contains("\"text\":\"a cat\""));
        assertTrue(echoed("{\"other\":\"a cat\"}").contains("\"other\":\"a cat\""));
        assertEquals(1, asked());
    }

    @Test
    void aCallAsksForItWhereTheConfigurationWantsToBeAsked() {
        open(Map.of(), ToolPrompt.asked("echo", "/text"));

        assertTrue(echoed("{\"text\":\"a cat\"}").contains("\"text\":\"a cat\""));
        assertEquals(0, asked());
        assertTrue(echoed("{\"text\":\"a cat\"}", "X-Enhance", "true").contains("Improved: a cat"));
        assertEquals(
                400,
                Await.value(send(request("/mcp/fake/tools/call", "{}").header("X-Enhance", "maybe")))
                        .statusCode());
    }

    @ParameterizedTest
    @CsvSource({"/mcp/fake, echo", "/mcp, fake__echo"})
    void theMcpEndpointsImproveAsWell(String path, String tool) {
        Map<String, ?> onlyOfIde =
                Map.of("default", Map.of("enabled", false), "clients", Map.of("ide", Map.of("enabled", true)));
        open(Map.of("rules", onlyOfIde), ToolPrompt.asked("echo", "/text"));
        String accept = "application/json, text/event-stream";
        HttpResponse<String> hello = Await.value(send(request(
                        path,
                        "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-06-18\","
                                + "\"capabilities\":{},\"clientInfo\":{\"name\":\"ide\",\"version\":\"1\"}}}")
                .header("Accept", accept)));
        String session = hello.headers().firstValue("mcp-session-id").orElseThrow();
        String call = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\"," + "\"params\":{\"name\":\"" + tool
                + "\",\"arguments\":{\"text\":\"a cat\"}}}";

        HttpResponse<String> asking = Await.value(
                send(request(path, call).headers("Accept", accept, "Mcp-Session-Id", session, "X-Enhance", "true")));
        HttpResponse<String> silent =
                Await.value(send(request(path, call).headers("Accept", accept, "Mcp-Session-Id", session)));

        assertTrue(asking.body().contains("Improved: a cat"), asking.body());
        assertFalse(silent.body().contains("Improved"), silent.body());
        assertEquals(1, asked());
    }

    @Test
    void originalAndImprovementAreKeptWhenBodiesAre() {
        HubConfig config = config(Map.of()).toBuilder()
                .activity(new PartChoice(
                        "sqlite",
                        Settings.of(
                                "activity",
                                Map.of("file", folder.resolve("activity.db").toString(), "bodies", true))))
                .build();
        open(config, ToolPrompt.always("echo", "/text"));

        echoed("{\"text\":\"a cat\"}", "X-Client-Name", "ide");

        Await.until(
                "the improvement is kept",
                () -> gateway.get("/audit/activity?kind=ENHANCEMENT").toString().contains("a cat"));
        JsonText kept = gateway.get("/audit/activity?kind=ENHANCEMENT");
        assertEquals("\"a cat\"", raw(kept, "/activities/0/request"));
        assertEquals("\"Improved: a cat\"", raw(kept, "/activities/0/response"));
        assertEquals("echo", text(kept, "/activities/0/tool"));
        assertEquals("ide", text(kept, "/activities/0/client"));
    }
}
