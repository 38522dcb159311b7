package io.agenthub.bench.load.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class McpHandshakeTest {
    private static final String WELCOME = """
            {"jsonrpc":"2.0","id":0,"result":{"protocolVersion":"2025-06-18","capabilities":{},\
            "serverInfo":{"name":"scripted","version":"1"}}}""";

    private static Optional<Route> shake(ScriptedServer.Answer answer, Map<String, String> headers) throws IOException {
        try (ScriptedServer server = new ScriptedServer((call, body) -> answer, headers)) {
            return McpHandshake.open(server.port(), "/mcp/stub0");
        }
    }

    @Test
    void theSessionsIdGoesWithEachCall() throws IOException {
        Route route = shake(ScriptedServer.Answer.at(Duration.ZERO, WELCOME), Map.of("mcp-session-id", "s-1"))
                .orElseThrow();

        assertEquals(
                Map.of(
                        "Accept", "application/json, text/event-stream",
                        "MCP-Protocol-Version", "2025-06-18",
                        "Mcp-Session-Id", "s-1"),
                route.headers());
    }

    @Test
    void aServerMayKeepNoSessions() throws IOException {
        Route route = shake(ScriptedServer.Answer.at(Duration.ZERO, WELCOME), Map.of())
                .orElseThrow();

        assertEquals(
                Map.of("Accept", "application/json, text/event-stream", "MCP-Protocol-Version", "2025-06-18"),
                route.headers());
    }

    @Test
    void whatSpeaksNoMcpHasNoRoute() throws IOException {
        assertEquals(Optional.empty(), shake(new ScriptedServer.Answer(404, WELCOME, Duration.ZERO), Map.of()));
        assertEquals(Optional.empty(), shake(ScriptedServer.Answer.at(Duration.ZERO, "{}"), Map.of()));
    }
}
