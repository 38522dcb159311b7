package io.agenthub.examples.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.hub.HubConfig;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.server.ServerState;
import io.agenthub.gateway.GatewayConfig;
import io.agenthub.tck.Await;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Closing a gateway and its hub while a server works. */
class ClosingTest {
    private static final String CALL = "{\"name\":\"delay\",\"arguments\":{\"milliseconds\":60000}}";

    private static HttpRequest.Builder endpoint(RunningGateway gateway, String body) {
        return HttpRequest.newBuilder(gateway.address.resolve("/mcp/demo"))
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/event-stream")
                .POST(BodyPublishers.ofString(body));
    }

    private static String request(String id, String method, String params) {
        return "{\"jsonrpc\":\"2.0\",\"id\":\"" + id + "\",\"method\":\"" + method + "\",\"params\":" + params + "}";
    }

    private static String session(RunningGateway gateway) {
        String params = "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},"
                + "\"clientInfo\":{\"name\":\"test\",\"version\":\"1\"}}";
        return Await.value(gateway.client.sendAsync(
                        endpoint(gateway, request("init", "initialize", params)).build(), BodyHandlers.ofString()))
                .headers()
                .firstValue("mcp-session-id")
                .orElseThrow();
    }

    @Test
    void callsThatTheGatewayAnsweredAreNotWaitedForByTheHub() {
        RunningGateway gateway = new RunningGateway(
                hub -> hub.config(HubConfig.builder()
                        .server(DemoServer.spec("demo"))
                        .drainTimeout(Duration.ofHours(1))
                        .build()),
                GatewayConfig.builder()
                        .port(0)
                        .drainTimeout(Duration.ofMillis(200))
                        .build());
        try {
            String session = session(gateway);
            CompletableFuture<HttpResponse<String>> ofSession = gateway.client.sendAsync(
                    endpoint(gateway, request("a", "tools/call", CALL))
                            .header("Mcp-Session-Id", session)
                            .build(),
                    BodyHandlers.ofString());
            CompletableFuture<HttpResponse<String>> plain =
                    gateway.post("/mcp/demo/tools/call", "{\"jsonrpc\":\"2.0\",\"id\":\"b\",\"params\":" + CALL + "}");
            CompletableFuture<HttpResponse<String>> bare = gateway.post("/mcp/demo/tools/call", CALL);
            Await.until("the server has all calls", () -> hasAll(gateway));

            Await.value(gateway.gateway.closeAsync());
            Await.value(gateway.hub.closeAsync());

            assertEquals(
                    ServerState.STOPPED, gateway.hub.server("demo").status().state());
            assertData("\"a\"", "/error/data", Await.value(ofSession).body());
            assertData("\"b\"", "/error/data", Await.value(plain).body());
            assertData("none", "/error", Await.value(bare).body());
        } finally {
            gateway.close();
        }
    }

    private static boolean hasAll(RunningGateway gateway) {
        return gateway.hub
                .server("demo")
                .status()
                .stats()
                .filter(stats -> stats.inFlight() == 3)
                .isPresent();
    }

    private static void assertData(String id, String pointer, String body) {
        JsonText answer = JsonText.of(body);
        JsonText data = answer.at(pointer).orElseThrow(() -> new AssertionError(body));
        assertEquals(id, answer.member("id").map(JsonText::toString).orElse("none"), body);
        assertTrue(data.toString().contains("\"kind\":\"SHUTTING_DOWN\""), body);
        assertEquals("true", data.member("dispatched").orElseThrow().toString(), body);
        assertEquals("false", data.member("retryable").orElseThrow().toString(), body);
    }
}
