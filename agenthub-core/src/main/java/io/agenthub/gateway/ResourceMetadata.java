package io.agenthub.gateway;

import io.agenthub.gateway.internal.http.AccessRules;
import io.agenthub.gateway.internal.http.Exchange;
import io.agenthub.gateway.internal.http.Handler;
import io.agenthub.gateway.internal.http.Response;
import io.agenthub.gateway.internal.http.Route;
import io.agenthub.gateway.internal.http.RouteGroup;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code GET /.well-known/oauth-protected-resource[/path]}: how a stranger who was refused may show who they are, by RFC 9728 as MCP
 * asks for it. Every path is protected by the one token, so every path has its metadata, whether anything stands there or not. They
 * name no authorization server: the token is handed out by whoever runs the gateway.
 */
final class ResourceMetadata implements RouteGroup {

    @Override
    public List<Route> routes() {
        return List.of(
                Route.open("GET", AccessRules.METADATA, Handler.now(this::metadata)),
                Route.open("GET", AccessRules.METADATA + "/{path...}", Handler.now(this::metadata)));
    }

    private Response metadata(Exchange exchange) {
        String path = exchange.path().substring(AccessRules.METADATA.length());
        Map<String, Object> json = new LinkedHashMap<>();
        // Exactly what the address was made of, or a client must not believe it (RFC 9728, section 3.3).
        json.put("resource", "http://" + exchange.header("host").orElseThrow() + path);
        json.put("bearer_methods_supported", List.of("header"));
        json.put("resource_name", "AgentHub");
        return Response.json(200, json);
    }
}
