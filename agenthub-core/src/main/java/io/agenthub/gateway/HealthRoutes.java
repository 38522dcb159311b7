package io.agenthub.gateway;

import io.agenthub.api.ConfigurationException;
import io.agenthub.api.breaker.BreakerState;
import io.agenthub.api.hub.Hub;
import io.agenthub.api.hub.HubState;
import io.agenthub.api.hub.McpServer;
import io.agenthub.api.server.ServerState;
import io.agenthub.api.server.ServerStatus;
import io.agenthub.gateway.internal.http.Exchange;
import io.agenthub.gateway.internal.http.Handler;
import io.agenthub.gateway.internal.http.Response;
import io.agenthub.gateway.internal.http.Route;
import io.agenthub.gateway.internal.http.RouteGroup;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * {@code /health}, {@code /health/{server}} and {@code /ready}.
 *
 * <p>{@code /health} answers 200 as long as the gateway does: {@code up}, or {@code degraded} with the servers that calls cannot
 * reach now, those that answer but misbehave, and what is wrong with a changed configuration file that could not be taken over.
 * {@code /health/{server}} answers 503 for one that cannot be reached, {@code /ready} 503 unless calls are taken. Without the token,
 * where there is one, they say only that much.
 */
final class HealthRoutes implements RouteGroup {
    private final Hub hub;
    private final BooleanSupplier draining;

    HealthRoutes(Hub hub, BooleanSupplier draining) {
        this.hub = hub;
        this.draining = draining;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.open("GET", "/health", Handler.now(this::health)),
                Route.of("GET", "/health/{server}", Handler.now(this::server)),
                Route.open("GET", "/ready", Handler.now(this::ready)));
    }

    private Response health(Exchange exchange) {
        List<Map<String, Object>> problems = hub.servers().stream()
                .filter(server -> !isReachable(server) || isWarned(server))
                .map(HealthRoutes::json)
                .toList();
        Optional<ConfigurationException> refused = hub.configurationProblem();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("status", problems.isEmpty() && refused.isEmpty() ? "up" : "degraded");
        if (exchange.isAuthorized()) {
            json.put("hub", hub.state());
            json.put("servers", states());
            json.put("degraded", problems);
            refused.ifPresent(problem -> json.put("configurationProblem", StatusJson.problem(problem)));
        }
        return Response.json(200, json);
    }

    private Map<String, Object> states() {
        Map<String, Object> states = new LinkedHashMap<>();
        hub.servers().forEach(server -> {
            ServerStatus status = server.status();
            states.put(status.name(), status.state());
        });
        return states;
    }

    private Response server(Exchange exchange) {
        McpServer server = hub.server(exchange.parameter("server"));
        Map<String, Object> json = json(server);
        return Response.json(isReachable(server) ? 200 : 503, json);
    }

    private Response ready(Exchange exchange) {
        boolean ready = hub.state() == HubState.STARTED && !draining.getAsBoolean();
        return Response.json(ready ? 200 : 503, Map.of("ready", ready));
    }

    /** Whether a call would be let through; one to a stopped server may start it. */
    private static boolean isReachable(McpServer server) {
        ServerState state = server.status().state();
        return state != ServerState.FAILED
                && state != ServerState.BACKING_OFF
                && server.breaker().status().state() != BreakerState.OPEN;
    }

    private static boolean isWarned(McpServer server) {
        return !server.status().warnings().isEmpty();
    }

    private static Map<String, Object> json(McpServer server) {
        ServerStatus status = server.status();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("server", status.name());
        json.put("status", !isReachable(server) ? "down" : isWarned(server) ? "degraded" : "up");
        json.put("state", status.state());
        json.put("breaker", server.breaker().status().state());
        status.lastError().ifPresent(error -> json.put("lastError", error));
        status.retryIn().ifPresent(span -> json.put("retryInMs", span.toMillis()));
        if (isWarned(server)) {
            json.put("warnings", status.warnings());
        }
        return json;
    }
}
