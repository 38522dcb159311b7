package io.agenthub.gateway;

import io.agenthub.api.hub.Hub;
import io.agenthub.gateway.internal.http.Exchange;
import io.agenthub.gateway.internal.http.Handler;
import io.agenthub.gateway.internal.http.Response;
import io.agenthub.gateway.internal.http.Route;
import io.agenthub.gateway.internal.http.RouteGroup;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/** {@code /monitor}, how the hub does as JSON, and {@code /metrics}, the same for Prometheus. */
final class MonitorRoutes implements RouteGroup {
    private final Hub hub;
    private final IntSupplier connections;
    private final LongSupplier bufferedBytes;

    MonitorRoutes(Hub hub, IntSupplier connections, LongSupplier bufferedBytes) {
        this.hub = hub;
        this.connections = connections;
        this.bufferedBytes = bufferedBytes;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.of("GET", "/monitor", Handler.now(this::monitor)),
                Route.of("GET", "/metrics", Handler.now(this::metrics)));
    }

    private Response monitor(Exchange exchange) {
        Map<String, Object> json = MonitorJson.of(hub.monitor());
        Map<String, Object> gateway = new LinkedHashMap<>();
        gateway.put("connections", connections.getAsInt());
        gateway.put("bufferedBytes", bufferedBytes.getAsLong());
        json.put("gateway", gateway);
        return Response.json(200, json);
    }

    private Response metrics(Exchange exchange) {
        String text = Metrics.write(hub.monitor(), connections.getAsInt(), bufferedBytes.getAsLong());
        return Response.text(200, PrometheusText.CONTENT_TYPE, text);
    }
}
