package io.agenthub.gateway;

import io.agenthub.api.Scheduler;
import io.agenthub.api.hub.Hub;
import io.agenthub.api.hub.McpServer;
import io.agenthub.api.server.ServerStatus;
import io.agenthub.gateway.internal.http.Exchange;
import io.agenthub.gateway.internal.http.Handler;
import io.agenthub.gateway.internal.http.Response;
import io.agenthub.gateway.internal.http.Route;
import io.agenthub.gateway.internal.http.RouteGroup;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** {@code /servers} and {@code /circuit-breakers}: what there is, how it is, and the buttons to press. */
final class ServerRoutes implements RouteGroup {
    private final Hub hub;
    private final Scheduler scheduler;

    ServerRoutes(Hub hub, Scheduler scheduler) {
        this.hub = hub;
        this.scheduler = scheduler;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.of("GET", "/servers", Handler.now(this::servers)),
                Route.of("GET", "/servers/{name}", Handler.now(this::server)),
                Route.of("POST", "/servers/{name}/start", change(McpServer::start)),
                Route.of("POST", "/servers/{name}/stop", change(McpServer::stop)),
                Route.of("POST", "/servers/{name}/restart", change(McpServer::restart)),
                Route.of("POST", "/servers/{name}/tools/acknowledge", Handler.now(this::acknowledge)),
                Route.of("GET", "/circuit-breakers", Handler.now(this::breakers)),
                Route.of("POST", "/circuit-breakers/{name}/reset", Handler.now(this::reset)));
    }

    private Response servers(Exchange exchange) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put(
                "servers",
                hub.servers().stream().map(server -> json(server, false)).toList());
        hub.configurationProblem().ifPresent(problem -> json.put("configurationProblem", StatusJson.problem(problem)));
        return Response.json(200, json);
    }

    private Response server(Exchange exchange) {
        return Response.json(200, json(named(exchange), true));
    }

    private Handler change(Function<McpServer, CompletionStage<ServerStatus>> operation) {
        return exchange -> {
            McpServer server = named(exchange);
            // Not cancelled when the client goes away: a restart half done would leave the server down.
            operation.apply(server).whenComplete((status, failure) -> {
                if (failure == null) {
                    exchange.respond(Response.json(200, json(server, true)));
                } else {
                    exchange.fail(failure);
                }
            });
        };
    }

    private Response acknowledge(Exchange exchange) {
        McpServer server = named(exchange);
        server.acknowledgeTools();
        return Response.json(200, json(server, true));
    }

    private Response breakers(Exchange exchange) {
        return Response.json(
                200,
                Map.of(
                        "breakers",
                        hub.servers().stream()
                                .map(server ->
                                        StatusJson.breaker(server.breaker().status()))
                                .toList()));
    }

    private Response reset(Exchange exchange) {
        McpServer server = named(exchange);
        server.breaker().reset();
        return Response.json(200, StatusJson.breaker(server.breaker().status()));
    }

    private McpServer named(Exchange exchange) {
        return hub.server(exchange.parameter("name"));
    }

    private Map<String, Object> json(McpServer server, boolean detailed) {
        return StatusJson.server(server.status(), server.breaker().status(), scheduler.now(), detailed);
    }
}
