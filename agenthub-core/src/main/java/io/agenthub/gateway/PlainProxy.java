package io.agenthub.gateway;

import io.agenthub.api.ErrorKind;
import io.agenthub.api.bridge.ServerInfo;
import io.agenthub.api.hub.CallOptions;
import io.agenthub.api.hub.Hub;
import io.agenthub.api.hub.McpServer;
import io.agenthub.api.rpc.JsonLimits;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.MalformedMessageException;
import io.agenthub.api.rpc.RpcMessage;
import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.rpc.RpcRequest;
import io.agenthub.api.rpc.RpcResult;
import io.agenthub.api.server.ServerNotReadyException;
import io.agenthub.api.server.ServerStatus;
import io.agenthub.gateway.internal.http.EnhanceHeader;
import io.agenthub.gateway.internal.http.Exchange;
import io.agenthub.gateway.internal.http.Refusal;
import io.agenthub.gateway.internal.http.Response;
import io.agenthub.gateway.internal.http.Route;
import io.agenthub.gateway.internal.http.RouteGroup;
import io.netty.util.AsciiString;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /mcp/{server}/{path}}: a JSON-RPC request per HTTP request, without sessions or streams. The path is the method.
 *
 * <ul>
 *   <li>A body with {@code jsonrpc} is a JSON-RPC message. Its {@code method} may be left out and must equal the path otherwise.
 *       A request is answered by a JSON-RPC response with its own id, byte for byte; a notification by 202 at once.
 *   <li>A body without {@code jsonrpc} is the parameters alone; so is an empty one, which means none. It is answered by the bare
 *       result, or by 422 with the server's error.
 *   <li>{@code initialize} is answered with what the server said in its handshake with the hub, which all callers share; {@code
 *       notifications/initialized} and {@code notifications/cancelled} are taken and not passed on, since they would speak of
 *       another's session. To cancel a call, close the connection.
 *   <li>{@code X-Client-Name} names the caller for records and rules; {@code X-Timeout-Ms} sets the deadline, at most 10 minutes;
 *       {@code X-Enhance: true} or {@code false} asks for, or declines, what the server's configuration allows to be improved.
 * </ul>
 */
final class PlainProxy implements RouteGroup {
    private static final Logger LOG = LoggerFactory.getLogger(PlainProxy.class);
    private static final Duration LONGEST_CALL = Duration.ofMinutes(10);
    private static final Pattern MILLIS = Pattern.compile("[0-9]{1,12}");
    private static final Pattern INTEGER = Pattern.compile("-?[0-9]+");
    private static final Set<String> OF_A_SESSION = Set.of("notifications/initialized", "notifications/cancelled");
    private static final AsciiString TIMEOUT = AsciiString.cached("x-timeout-ms");
    private static final int LONGEST_ID = 256;
    /** Answers are passed on by the thread on which they arrive. */
    private static final CallOptions USUAL = CallOptions.DEFAULT.withExecutor(Runnable::run);

    private final Hub hub;
    private final Errors errors;

    PlainProxy(Hub hub, Errors errors) {
        this.hub = hub;
        this.errors = errors;
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.of("POST", "/mcp/{server}/{path...}", this::handle));
    }

    private void handle(Exchange exchange) {
        McpServer server = hub.server(exchange.parameter("server"));
        try {
            if (exchange.body().length == 0) {
                call(exchange, server, null, null);
            } else {
                take(exchange, server, RpcMessage.parse(exchange.body(), JsonLimits.DOOR));
            }
        } catch (MalformedMessageException e) {
            takeLoosely(exchange, server, e);
        }
    }

    /** A body that is no JSON-RPC message: it may lack the method, or the whole envelope. */
    private void takeLoosely(Exchange exchange, McpServer server, MalformedMessageException why) {
        JsonText id = JsonText.NULL;
        try {
            JsonText body = JsonText.of(exchange.body(), JsonLimits.DOOR);
            if (!body.isObject()) {
                throw why;
            }
            Map<String, JsonText> members = body.members();
            id = usableId(members.get("id"));
            if (!members.containsKey("jsonrpc")) {
                if (members.containsKey("method")) {
                    throw new MalformedMessageException(
                            MalformedMessageException.INVALID_REQUEST,
                            "Invalid request: 'jsonrpc' is missing; add \"jsonrpc\":\"2.0\", or send the parameters alone");
                }
                call(exchange, server, null, body);
            } else if (members.containsKey("method") || members.containsKey("result") || members.containsKey("error")) {
                throw why;
            } else {
                JsonText named = body.with("method", JsonText.quote(exchange.parameter("path")));
                byte[] bytes = new byte[named.length()];
                named.copyTo(bytes, 0);
                take(exchange, server, RpcMessage.parse(bytes, JsonLimits.DOOR));
            }
        } catch (MalformedMessageException e) {
            exchange.respond(errors.rpc(id, e));
        }
    }

    private static JsonText usableId(@Nullable JsonText id) {
        boolean usable = id != null
                && id.length() <= LONGEST_ID
                && (id.isString() || INTEGER.matcher(id.toString()).matches());
        return id != null && usable ? id : JsonText.NULL;
    }

    private void take(Exchange exchange, McpServer server, RpcMessage message) {
        if (message instanceof RpcRequest request) {
            if (agrees(exchange, request.id(), request.method())) {
                call(exchange, server, request.id(), request.params());
            }
        } else if (message instanceof RpcNotification notification) {
            if (agrees(exchange, JsonText.NULL, notification.method())) {
                pass(exchange, server, notification);
            }
        } else {
            throw new MalformedMessageException(
                    MalformedMessageException.INVALID_REQUEST, "Invalid request: a response is not expected here");
        }
    }

    private boolean agrees(Exchange exchange, JsonText id, String method) {
        String path = exchange.parameter("path");
        boolean agrees = method.equals(path);
        if (!agrees) {
            String problem = "Invalid request: the path says '" + path + "' and the body '" + method + "'";
            exchange.respond(
                    errors.rpc(id, new MalformedMessageException(MalformedMessageException.INVALID_REQUEST, problem)));
        }
        return agrees;
    }

    private void pass(Exchange exchange, McpServer server, RpcNotification notification) {
        // Fails if there is no such server, which is the one thing a notification is told.
        ServerStatus status = server.status();
        exchange.respond(Response.empty(202));
        if (!OF_A_SESSION.contains(notification.method())) {
            server.notify(notification.method(), exchange.traced(notification.params()))
                    .whenComplete((nothing, failure) -> {
                        if (failure != null) {
                            LOG.atDebug()
                                    .setCause(failure)
                                    .addKeyValue("server", status.name())
                                    .log("Notification not delivered");
                        }
                    });
        }
    }

    private void call(Exchange exchange, McpServer server, @Nullable JsonText id, @Nullable JsonText params) {
        String method = exchange.parameter("path");
        ProxyCall call = new ProxyCall(exchange, errors, id);
        if (method.equals("initialize")) {
            // Any call brings up a server that starts on demand; then its handshake is known.
            call.send(server.request("ping", null, options(exchange, id, call)), outcome -> handshake(server));
        } else {
            call.send(server.request(method, params, options(exchange, id, call)), null);
        }
    }

    private static RpcOutcome handshake(McpServer server) {
        ServerStatus status = server.status();
        return new RpcResult(status.info()
                .map(ServerInfo::handshake)
                .orElseThrow(() -> new ServerNotReadyException(
                        status.name(), status.state(), "it ended just now", Duration.ofSeconds(1))));
    }

    private static CallOptions options(Exchange exchange, @Nullable JsonText id, ProxyCall call) {
        return USUAL.toBuilder()
                .timeout(timeout(exchange.headers(TIMEOUT)).orElse(null))
                .client(ClientName.of(exchange).orElse(null))
                .peer(exchange.peer())
                .requestId(id == null ? null : id.toString())
                .trace(exchange.trace().orElse(null))
                .enhance(EnhanceHeader.read(exchange).orElse(null))
                .arrival(call)
                .build();
    }

    private static Optional<Duration> timeout(List<String> values) {
        if (values.isEmpty()) {
            return Optional.empty();
        }
        long millis = values.size() == 1 && MILLIS.matcher(values.get(0)).matches() ? Long.parseLong(values.get(0)) : 0;
        if (millis < 1) {
            throw Refusal.of(400, ErrorKind.BAD_REQUEST, "X-Timeout-Ms must be a number of milliseconds, at least 1");
        }
        return Optional.of(Duration.ofMillis(Math.min(millis, LONGEST_CALL.toMillis())));
    }
}
