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
        List<Look> servers = hub.servers().stream().map(Look::at).toList();
        List<Map<String, Object>> problems =
                servers.stream().filter(look -> !look.isWell()).map(Look::json).toList();
        Optional<ConfigurationException> refused = hub.configurationProblem();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("status", problems.isEmpty() && refused.isEmpty() ? "up" : "degraded");
        if (exchange.isAuthorized()) {
            json.put("hub", hub.state());
            json.put("servers", states(servers));
            json.put("degraded", problems);
            refused.ifPresent(problem -> json.put("configurationProblem", StatusJson.problem(problem)));
        }
        return Response.json(200, json);
    }

    private static Map<String, Object> states(List<Look> servers) {
        Map<String, Object> states = new LinkedHashMap<>();
        servers.forEach(look -> states.put(look.status().name(), look.status().state()));
        return states;
    }

    private Response server(Exchange exchange) {
        Look look = Look.at(hub.server(exchange.parameter("server")));
        return Response.json(look.isReachable() ? 200 : 503, look.json());
    }

    private Response ready(Exchange exchange) {
        boolean ready = hub.state() == HubState.STARTED && !draining.getAsBoolean();
        return Response.json(ready ? 200 : 503, Map.of("ready", ready));
    }

    /** One server at one moment. */
    private record Look(ServerStatus status, BreakerState breaker) {

        static Look at(McpServer server) {
            return new Look(server.status(), server.breaker().status().state());
        }

        /** Whether a call would be let through; one to a stopped server may start it. */
        boolean isReachable() {
            return status.state() != ServerState.FAILED
                    && status.state() != ServerState.BACKING_OFF
                    && breaker != BreakerState.OPEN;
        }

        boolean isWell() {
            return isReachable() && status.warnings().isEmpty();
        }

        Map<String, Object> json() {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("server", status.name());
            json.put("status", isWell() ? "up" : isReachable() ? "degraded" : "down");
            json.put("state", status.state());
            json.put("breaker", breaker);
            status.lastError().ifPresent(error -> json.put("lastError", error));
            status.retryIn().ifPresent(span -> json.put("retryInMs", span.toMillis()));
            if (!status.warnings().isEmpty()) {
                json.put("warnings", status.warnings());
            }
            return json;
        }
    }
}
