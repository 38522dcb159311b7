package io.agenthub.gateway.internal.mcp;

import io.agenthub.api.ErrorKind;
import io.agenthub.api.Scheduler;
import io.agenthub.api.hub.Hub;
import io.agenthub.api.rpc.MalformedMessageException;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.api.rpc.RpcMessage;
import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.rpc.RpcRequest;
import io.agenthub.gateway.internal.http.EnhanceHeader;
import io.agenthub.gateway.internal.http.Exchange;
import io.agenthub.gateway.internal.http.Handler;
import io.agenthub.gateway.internal.http.Refusal;
import io.agenthub.gateway.internal.http.Response;
import io.agenthub.gateway.internal.http.Route;
import io.agenthub.gateway.internal.http.RouteGroup;
import io.agenthub.gateway.internal.mcp.aggregate.AllServers;
import io.agenthub.gateway.internal.mcp.session.SessionFace;
import io.agenthub.gateway.internal.mcp.stateless.StatelessFace;
import io.agenthub.gateway.internal.mcp.upstream.Servers;
import io.agenthub.gateway.internal.mcp.upstream.Upstream;
import io.agenthub.gateway.internal.mcp.wire.Accept;
import io.agenthub.gateway.internal.mcp.wire.Meta;
import io.agenthub.gateway.internal.mcp.wire.Pulse;
import io.agenthub.gateway.internal.mcp.wire.Revisions;
import io.agenthub.gateway.internal.mcp.wire.RpcRefusal;
import io.agenthub.gateway.internal.mcp.wire.Secrets;
import io.agenthub.gateway.internal.mcp.wire.Sse;
import java.util.List;
import java.util.function.Function;

/**
 * MCP over Streamable HTTP, every revision. Which era a client speaks is decided by each message alone: a request whose {@code
 * _meta} names a revision, or whose header names a stateless one, is stateless; everything else belongs to a session.
 */
public final class McpRoutes implements RouteGroup {
    private final Servers servers;
    private final AllServers all;
    private final SessionFace sessions;
    private final StatelessFace stateless;

    /**
     * Makes the routes.
     *
     * @param hub has the servers
     * @param scheduler the time
     * @param errors turns failures into JSON-RPC errors
     */
    public McpRoutes(Hub hub, Scheduler scheduler, Function<Throwable, RpcError> errors) {
        Pulse pulse = new Pulse(scheduler);
        this.servers = new Servers(hub);
        this.all = new AllServers(servers);
        Secrets secrets = new Secrets();
        this.sessions = new SessionFace(scheduler, pulse, secrets, errors);
        this.stateless = new StatelessFace(scheduler, pulse, secrets, errors);
    }

    @Override
    public List<Route> routes() {
        Function<Exchange, Upstream> one = exchange -> servers.get(exchange.parameter("server"));
        return List.of(
                Route.of("POST", "/mcp/{server}", endpoint(one, this::post)),
                Route.of("GET", "/mcp/{server}", endpoint(one, sessions::listen)),
                Route.of("DELETE", "/mcp/{server}", endpoint(one, sessions::end)),
                Route.of("POST", "/mcp", endpoint(exchange -> all, this::post)),
                Route.of("GET", "/mcp", endpoint(exchange -> all, sessions::listen)),
                Route.of("DELETE", "/mcp", endpoint(exchange -> all, sessions::end)));
    }

    /** Begins to hear what the hub's servers announce. */
    public void begin() {
        servers.begin();
    }

    @Override
    public void drain() {
        servers.end();
        sessions.drain();
        stateless.drain();
    }

    @Override
    public void cutShort() {
        sessions.cutShort();
        servers.giveUp();
    }

    /** What answers at an endpoint. */
    @FunctionalInterface
    private interface Service {
        void serve(Exchange exchange, Upstream upstream);
    }

    private static Handler endpoint(Function<Exchange, Upstream> upstream, Service service) {
        return exchange -> {
            try {
                service.serve(exchange, upstream.apply(exchange));
            } catch (RpcRefusal e) {
                exchange.respond(Replies.refusal(null, e));
            }
        };
    }

    private void post(Exchange exchange, Upstream upstream) {
        if (!Accept.takes(exchange, "application/json", Sse.TYPE)) {
            throw Refusal.of(406, ErrorKind.BAD_REQUEST, "Accept must list application/json and " + Sse.TYPE);
        }
        // Refused here if it is wrong: later, a call may wait for it already.
        EnhanceHeader.read(exchange);
        Posted posted = Posted.read(exchange.body());
        RpcMessage message = posted.first();
        if (message instanceof RpcRequest request && !posted.isBatch()) {
            try {
                request(exchange, upstream, request);
            } catch (RpcRefusal e) {
                exchange.respond(Replies.refusal(request.id(), e));
            }
        } else if (message instanceof RpcNotification && isStateless(exchange)) {
            // Without a session there is nothing that it could speak of; a stream is cancelled by closing it.
            exchange.respond(Response.empty(202));
        } else {
            sessions.post(exchange, upstream, posted.messages(), posted.isBatch());
        }
    }

    private void request(Exchange exchange, Upstream upstream, RpcRequest request) {
        if (isModern(exchange, request)) {
            stateless.post(exchange, upstream, request);
        } else if (request.method().equals("initialize")) {
            sessions.initialize(exchange, upstream, request);
        } else {
            sessions.post(exchange, upstream, request);
        }
    }

    private static boolean isStateless(Exchange exchange) {
        return exchange.headers(SessionFace.SESSION).isEmpty()
                && exchange.header(SessionFace.VERSION)
                        .filter(Revisions::isModern)
                        .isPresent();
    }

    private static boolean isModern(Exchange exchange, RpcRequest request) {
        try {
            boolean claimed = Meta.get(request.params(), Meta.PROTOCOL_VERSION).isPresent();
            return claimed || (isModernNamed(exchange) && !request.method().equals("initialize"));
        } catch (MalformedMessageException e) {
            throw RpcRefusal.invalidRequest(400, String.valueOf(e.getMessage()));
        }
    }

    private static boolean isModernNamed(Exchange exchange) {
        for (String version : exchange.headers(SessionFace.VERSION)) {
            if (Revisions.isModern(version)) {
                return true;
            }
        }
        return false;
    }
}
