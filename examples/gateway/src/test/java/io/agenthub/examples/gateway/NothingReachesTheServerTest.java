package io.agenthub.examples.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.tck.Await;
import io.agenthub.tck.everything.EverythingServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests that are refused, before a real server that writes down all it hears. */
class NothingReachesTheServerTest {
    private static final String META = "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
            + "\"io.modelcontextprotocol/clientCapabilities\":{\"elicitation\":{}}}";
    private static final String ASK = "\"name\":\"test_elicitation\",\"arguments\":{\"message\":\"Who?\"},";

    @TempDir
    Path folder;

    private RunningGateway gateway;

    @BeforeEach
    void start() {
        gateway = new RunningGateway(hub ->
                hub.server(ServerSpec.stdio("legacy", EverythingServer.command("--legacy", "--journal=" + journal()))
                        .healthInterval(Duration.ZERO)
                        .build()));
        assertEquals(
                200,
                stateless(Map.of(), params("\"name\":\"test_simple_text\",")).statusCode());
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private Path journal() {
        return folder.resolve("journal");
    }

    /** What the server heard of clients. The list of its tools is what the gateway itself asks for, to check headers by it. */
    private List<String> heard() {
        try {
            return Files.readAllLines(journal()).stream()
                    .filter(line -> !line.endsWith(" received tools/list"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String params(String members) {
        return "{" + members + META + "}";
    }

    /** A good request but for these headers, of which an empty one is left out. */
    private HttpResponse<String> stateless(Map<String, String> spoiled, String params) {
        String name =
                JsonText.of(params).member("name").flatMap(JsonText::string).orElse("");
        Map<String, String> headers = new LinkedHashMap<>(
                Map.of("MCP-Protocol-Version", "2026-07-28", "Mcp-Method", "tools/call", "Mcp-Name", name));
        headers.putAll(spoiled);
        return post(headers, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":" + params + "}");
    }

    private HttpResponse<String> post(Map<String, String> headers, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(gateway.address.resolve("/mcp/legacy"))
                .timeout(Duration.ofSeconds(60))
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/event-stream")
                .POST(BodyPublishers.ofString(body));
        headers.forEach((header, value) -> {
            if (!value.isEmpty()) {
                request.header(header, value);
            }
        });
        return Await.value(gateway.client.sendAsync(request.build(), BodyHandlers.ofString()));
    }

    private static void refused(int status, int code, HttpResponse<String> response) {
        assertEquals(status, response.statusCode(), response.body());
        assertEquals(
                Integer.toString(code),
                JsonText.of(response.body())
                        .at("/error/code")
                        .map(JsonText::toString)
                        .orElse("none"),
                response.body());
    }

    @Test
    void ofHeadersEnvelopesAndSessionsThatAreWrong() {
        List<String> before = heard();
        String good = params("\"name\":\"test_simple_text\",");
        refused(400, -32020, stateless(Map.of("MCP-Protocol-Version", "2025-11-25"), good));
        refused(400, -32020, stateless(Map.of("Mcp-Method", ""), good));
        refused(400, -32020, stateless(Map.of("Mcp-Name", "test_elicitation"), good));
        refused(400, -32020, stateless(Map.of("Mcp-Name", "=?base64?!?="), good));
        refused(
                400,
                -32020,
                stateless(
                        Map.of("Mcp-Param-Region", "us"),
                        params("\"name\":\"test_x_mcp_header\",\"arguments\":{\"region\":\"eu\"},")));
        refused(400, -32602, stateless(Map.of(), good.replace("clientCapabilities\":{\"elicitation\":{}}", "x\":1")));
        refused(
                400,
                -32022,
                stateless(Map.of("MCP-Protocol-Version", "2027-01-01"), good.replace("2026-07-28", "2027-01-01")));
        String list = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"prompts/list\"}";
        refused(400, -32600, post(Map.of(), list));
        refused(404, -32600, post(Map.of("Mcp-Session-Id", "unknown"), list));
        refused(400, -32700, post(Map.of(), "{"));
        assertEquals(403, post(Map.of("Origin", "http://evil.example"), list).statusCode());

        assertEquals(before, heard());
    }

    @Test
    void ofRequestStatesThatAreTamperedForeignOrUsed() {
        JsonText asked = JsonText.of(stateless(Map.of(), params(ASK)).body());
        String state =
                asked.at("/result/requestState").flatMap(JsonText::string).orElseThrow();
        String key = asked.at("/result/inputRequests")
                .orElseThrow()
                .members()
                .keySet()
                .iterator()
                .next();
        String answers = "\"inputResponses\":{\"" + key
                + "\":{\"action\":\"accept\",\"content\":{\"name\":\"Ann\"}}},\"requestState\":\"";
        List<String> before = heard();
        refused(200, -32602, stateless(Map.of(), params(ASK + answers + state + "-TAMPERED\",")));
        refused(200, -32602, stateless(Map.of(), params(ASK + answers + "nonsense\",")));
        refused(200, -32602, stateless(Map.of(), params(ASK.replace("Who?", "Why?") + answers + state + "\",")));
        refused(200, -32602, stateless(Map.of("Authorization", "Bearer other"), params(ASK + answers + state + "\",")));
        assertEquals(before, heard());

        HttpResponse<String> answered = stateless(Map.of(), params(ASK + answers + state + "\","));
        assertTrue(answered.body().contains("Ann"), answered.body());
        List<String> after = heard();
        assertEquals(before.size() + 1, after.size(), "the answer, once");
        refused(200, -32602, stateless(Map.of(), params(ASK + answers + state + "\",")));
        assertEquals(after, heard());
    }
}
