package io.agenthub.gateway;

import io.agenthub.api.ErrorKind;
import io.agenthub.api.hub.Hub;
import io.agenthub.gateway.internal.http.Exchange;
import io.agenthub.gateway.internal.http.Handler;
import io.agenthub.gateway.internal.http.Refusal;
import io.agenthub.gateway.internal.http.Response;
import io.agenthub.gateway.internal.http.Route;
import io.agenthub.gateway.internal.http.RouteGroup;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code GET /configs/{client}}: what to paste into the configuration of a client so that it uses this gateway. All servers as
 * one, or with {@code ?server=NAME} one of them. The address is the one that the request came to; the token, which is asked for here
 * as everywhere, stands in it.
 */
final class ClientConfigs implements RouteGroup {
    private static final String ALL = "agenthub";

    private final Hub hub;
    private final Optional<String> token;

    ClientConfigs(Hub hub, Optional<String> token) {
        this.hub = hub;
        this.token = token;
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.of("GET", "/configs/{client}", Handler.now(this::config)));
    }

    private Response config(Exchange exchange) {
        String client = exchange.parameter("client");
        Optional<String> server = exchange.query("server");
        // Fails if there is no such server.
        server.ifPresent(name -> hub.server(name).status());
        String url = "http://" + exchange.header("host").orElse("127.0.0.1")
                + server.map(name -> "/mcp/" + name).orElse("/mcp");
        String name = server.orElse(ALL);
        return Response.json(
                        200,
                        switch (client) {
                            case "claude-desktop" -> Map.of("mcpServers", Map.of(name, proxied(url)));
                            case "vscode" -> Map.of("servers", Map.of(name, typed(url)));
                            case "cursor" -> Map.of("mcpServers", Map.of(name, remote(url)));
                            case "raycast" -> Map.of("mcpServers", Map.of(name, typed(url)));
                            default ->
                                throw Refusal.of(
                                        404,
                                        ErrorKind.BAD_REQUEST,
                                        "There is a configuration for claude-desktop, vscode, cursor and raycast");
                        })
                .with("cache-control", "no-store");
    }

    private Map<String, Object> remote(String url) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("url", url);
        token.ifPresent(secret -> entry.put("headers", Map.of("Authorization", "Bearer " + secret)));
        return entry;
    }

    private Map<String, Object> typed(String url) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("type", "http");
        entry.putAll(remote(url));
        return entry;
    }

    /** For a client whose file knows programs only: the program that speaks HTTP for it. */
    private Map<String, Object> proxied(String url) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("command", "npx");
        if (token.isEmpty()) {
            entry.put("args", List.of("-y", "mcp-remote", url, "--transport", "http-only"));
        } else {
            // Without a space in the argument, which some systems would take apart.
            entry.put(
                    "args",
                    List.of(
                            "-y",
                            "mcp-remote",
                            url,
                            "--transport",
                            "http-only",
                            "--header",
                            "Authorization:${AUTHORIZATION}"));
            entry.put("env", Map.of("AUTHORIZATION", "Bearer " + token.get()));
        }
        return entry;
    }
}
