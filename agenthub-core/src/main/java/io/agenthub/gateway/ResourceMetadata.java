package io.agenthub.gateway;

import io.agenthub.api.ErrorKind;
import io.agenthub.gateway.internal.http.AccessRules;
import io.agenthub.gateway.internal.http.Exchange;
import io.agenthub.gateway.internal.http.Handler;
import io.agenthub.gateway.internal.http.Refusal;
import io.agenthub.gateway.internal.http.Response;
import io.agenthub.gateway.internal.http.Route;
import io.agenthub.gateway.internal.http.RouteGroup;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code GET /.well-known/oauth-protected-resource[/path]}: how a stranger who was refused may show who they are (RFC 9728). One token
 * protects every path, so every path has its metadata, whether anything stands there or not. They name no authorization server, which
 * MCP's authorization by OAuth would ask for: this token is handed out by whoever runs the gateway.
 *
 * <p>Under the further names of {@link GatewayConfig#allowedHosts()} there are none: what stands before the gateway there, and what
 * clients know its paths by, is not known here.
 */
final class ResourceMetadata implements RouteGroup {
    private final List<String> allowedHosts;

    ResourceMetadata(List<String> allowedHosts) {
        this.allowedHosts = allowedHosts;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.open("GET", AccessRules.METADATA, Handler.now(this::metadata)),
                Route.open("GET", AccessRules.METADATA + "/{path...}", Handler.now(this::metadata)));
    }

    private Response metadata(Exchange exchange) {
        String host = exchange.header("host").orElseThrow();
        if (allowedHosts.stream().anyMatch(host::equalsIgnoreCase)) {
            throw Refusal.of(404, ErrorKind.BAD_REQUEST, "There are no metadata under this name");
        }
        String path = exchange.path().substring(AccessRules.METADATA.length());
        Map<String, Object> json = new LinkedHashMap<>();
        // Exactly what the address was made of, or a client must not believe it (RFC 9728, section 3.3).
        json.put("resource", "http://" + host + path);
        json.put("bearer_methods_supported", List.of("header"));
        json.put("resource_name", "AgentHub");
        return Response.json(200, json);
    }
}
