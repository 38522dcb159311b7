package io.agenthub.bench.load.http;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Opens MCP sessions over Streamable HTTP, as a client does. */
public final class McpHandshake {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final String VERSION = "2025-06-18";
    private static final String SESSION = "Mcp-Session-Id";
    private static final String TYPES = "application/json, text/event-stream";

    private McpHandshake() {}

    /**
     * Opens a session.
     *
     * @param port on the loopback address
     * @param path of the MCP endpoint
     * @return the route with the session's headers, if the server keeps sessions; empty if there is no MCP endpoint here
     * @throws IOException if the connection breaks or times out
     */
    public static Optional<Route> open(int port, String path) throws IOException {
        Route route = new Route(port, path, Map.of("Accept", TYPES));
        try (OneCall connection = OneCall.connect(port, TIMEOUT)) {
            OneCall.Answer answer = connection.post(route, """
                    {"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"%s",\
                    "capabilities":{},"clientInfo":{"name":"bench","version":"1"}}}""".formatted(VERSION));
            if (answer.status() != 200 || !answer.body().contains("\"serverInfo\"")) {
                return Optional.empty();
            }
            Map<String, String> headers = new HashMap<>(Map.of("Accept", TYPES, "MCP-Protocol-Version", VERSION));
            answer.header(SESSION).ifPresent(session -> headers.put(SESSION, session));
            Route open = new Route(port, path, headers);
            connection.post(open, "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
            return Optional.of(open);
        }
    }
}
