package io.agenthub.gateway.internal.mcp.session;

import io.agenthub.api.ErrorKind;
import io.agenthub.api.Scheduler;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.api.rpc.RpcMessage;
import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.rpc.RpcRequest;
import io.agenthub.api.rpc.RpcResponse;
import io.agenthub.api.rpc.RpcResult;
import io.agenthub.gateway.internal.http.Exchange;
import io.agenthub.gateway.internal.http.Refusal;
import io.agenthub.gateway.internal.http.Response;
import io.agenthub.gateway.internal.mcp.upstream.Description;
import io.agenthub.gateway.internal.mcp.upstream.Upstream;
import io.agenthub.gateway.internal.mcp.wire.Accept;
import io.agenthub.gateway.internal.mcp.wire.Preparing;
import io.agenthub.gateway.internal.mcp.wire.Principal;
import io.agenthub.gateway.internal.mcp.wire.Pulse;
import io.agenthub.gateway.internal.mcp.wire.Revisions;
import io.agenthub.gateway.internal.mcp.wire.RpcRefusal;
import io.agenthub.gateway.internal.mcp.wire.Secrets;
import io.agenthub.gateway.internal.mcp.wire.Sse;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a client with a session may do at an endpoint: begin, post, listen, end. Thread-safe. */
public final class SessionFace {
    /** The header that names a session. */
    public static final AsciiString SESSION = AsciiString.cached("mcp-session-id");

    /** The header that names the revision spoken. */
    public static final AsciiString VERSION = AsciiString.cached("mcp-protocol-version");

    private static final Pattern EVENT = Pattern.compile("([0-9]{1,9})-([0-9]{1,18})");

    private final Sessions sessions;
    private final SessionDesk desk;
    private final Function<Throwable, RpcError> errors;

    /**
     * Makes the face.
     *
     * @param scheduler the time
     * @param pulse beats for what waits
     * @param secrets name the sessions
     * @param errors turns failures into JSON-RPC errors
     */
    public SessionFace(Scheduler scheduler, Pulse pulse, Secrets secrets, Function<Throwable, RpcError> errors) {
        this.sessions = new Sessions(scheduler, pulse, secrets);
        this.errors = errors;
        this.desk = new SessionDesk(errors);
    }

    /**
     * How many sessions there are.
     *
     * @return a snapshot
     */
    public int sessions() {
        return sessions.count();
    }

    /** Ends what would stay open for ever; calls go on. */
    public void drain() {
        sessions.drain();
    }

    /** The time to drain is over: answers all calls, and withdraws them from their servers. */
    public void cutShort() {
        sessions.cutShort();
    }

    /**
     * {@code initialize}: begins a session once the server is there.
     *
     * @param exchange the post
     * @param upstream what the session is to be with
     * @param request the message
     */
    public void initialize(Exchange exchange, Upstream upstream, RpcRequest request) {
        Client client = Client.of(request.params());
        Client agreed = client.agreedOn(Revisions.negotiated(client.version()));
        CompletionStage<Description> describing = upstream.describe();
        exchange.onAbandoned(new Preparing(exchange, upstream.name(), request.id(), describing, errors));
        describing.whenComplete((description, failure) -> {
            if (failure != null) {
                exchange.respond(Response.rpc(200, request.id(), errors.apply(failure)));
                return;
            }
            try {
                Session session = sessions.begin(Principal.of(exchange), upstream, agreed);
                exchange.respond(Response.rpc(200, request.id(), new RpcResult(welcome(agreed, description)))
                        .with(SESSION.toString(), session.id()));
            } catch (Throwable e) {
                // An Error, too, must not leave a client without an answer.
                exchange.fail(e);
            }
        });
    }

    private static JsonText welcome(Client client, Description description) {
        Map<String, JsonText> result = new LinkedHashMap<>();
        result.put("protocolVersion", JsonText.quote(client.version()));
        result.put("capabilities", description.capabilities().without("extensions"));
        result.put("serverInfo", description.serverInfo());
        description.instructions().ifPresent(text -> result.put("instructions", text));
        return JsonText.object(result);
    }

    /**
     * One request of a session's client, which is what nearly all posts are.
     *
     * @param exchange the post
     * @param upstream what the session is with
     * @param request what was posted, not in an array
     */
    public void post(Exchange exchange, Upstream upstream, RpcRequest request) {
        Session session = session(exchange, upstream);
        PostReply reply = new PostReply(exchange, session, 1);
        SessionCall call = new SessionCall(session, request, reply, errors);
        if (!session.enter(request.id(), call)) {
            throw idInUse();
        }
        reply.begin(false);
        desk.serve(session, request, call, exchange);
        exchange.dropHeaders();
    }

    private static RpcRefusal idInUse() {
        return RpcRefusal.invalidRequest(400, "A request with this id is still being answered");
    }

    /**
     * Whatever else a session's client posts.
     *
     * @param exchange the post
     * @param upstream what the session is with
     * @param messages what was posted
     * @param batch whether they came in an array
     */
    public void post(Exchange exchange, Upstream upstream, List<RpcMessage> messages, boolean batch) {
        Session session = session(exchange, upstream);
        if (batch && !Revisions.batches(session.client().version())) {
            throw RpcRefusal.invalidRequest(
                    400, "Batches are not part of MCP " + session.client().version());
        }
        List<RpcRequest> requests = requests(messages);
        PostReply reply = new PostReply(exchange, session, requests.size());
        List<SessionCall> calls = enter(session, requests, reply);
        for (RpcMessage message : messages) {
            if (message instanceof RpcNotification notification) {
                desk.notified(session, notification, exchange);
            } else if (message instanceof RpcResponse response) {
                session.answered(response);
            }
        }
        if (requests.isEmpty()) {
            exchange.respond(Response.empty(202));
            return;
        }
        reply.begin(batch);
        for (int i = 0; i < calls.size(); i++) {
            desk.serve(session, requests.get(i), calls.get(i), exchange);
        }
        exchange.dropHeaders();
    }

    private static List<RpcRequest> requests(List<RpcMessage> messages) {
        List<RpcRequest> requests = new ArrayList<>(messages.size());
        for (RpcMessage message : messages) {
            if (message instanceof RpcRequest request) {
                requests.add(request);
            }
        }
        return requests;
    }

    /** Takes all in or none. */
    private List<SessionCall> enter(Session session, List<RpcRequest> requests, PostReply reply) {
        List<SessionCall> calls = new ArrayList<>(requests.size());
        for (RpcRequest request : requests) {
            SessionCall call = new SessionCall(session, request, reply, errors);
            if (!session.enter(request.id(), call)) {
                for (int i = 0; i < calls.size(); i++) {
                    session.leave(requests.get(i).id(), calls.get(i));
                }
                throw idInUse();
            }
            calls.add(call);
        }
        return calls;
    }

    /**
     * {@code GET}: listens to what belongs to no call, or goes on with a stream that was broken.
     *
     * @param exchange the request
     * @param upstream what the session is with
     */
    public void listen(Exchange exchange, Upstream upstream) {
        if (!Accept.takes(exchange, Sse.TYPE)) {
            throw Refusal.of(406, ErrorKind.BAD_REQUEST, "Accept must list " + Sse.TYPE);
        }
        Session session = session(exchange, upstream);
        Response head = Sse.head().with(SESSION.toString(), session.id());
        Optional<String> lastSeen = exchange.header("last-event-id").filter(id -> !id.isEmpty());
        exchange.dropHeaders();
        if (lastSeen.isPresent()) {
            Matcher event = EVENT.matcher(lastSeen.get());
            EventStream stream = (event.matches()
                            ? session.streams().find(Integer.parseInt(event.group(1)))
                            : Optional.<EventStream>empty())
                    .orElseThrow(() -> Refusal.of(400, ErrorKind.BAD_REQUEST, "This Last-Event-ID is not known"));
            stream.attach(exchange, head, Long.parseLong(event.group(2)));
        } else if (session.streams().standing().isAttached()) {
            throw Refusal.of(409, ErrorKind.BAD_REQUEST, "This session is listened to already");
        } else {
            session.streams().standing().attach(exchange, head, -1);
        }
    }

    /**
     * {@code DELETE}: ends a session.
     *
     * @param exchange the request
     * @param upstream what the session is with
     */
    public void end(Exchange exchange, Upstream upstream) {
        sessions.end(session(exchange, upstream));
        exchange.respond(Response.empty(204));
    }

    private Session session(Exchange exchange, Upstream upstream) {
        List<String> ids = exchange.headers(SESSION);
        if (ids.size() != 1 || ids.get(0).isEmpty()) {
            throw RpcRefusal.invalidRequest(400, "One Mcp-Session-Id is needed; begin with initialize");
        }
        Session session = sessions.find(ids.get(0), Principal.of(exchange), upstream.name())
                .orElseThrow(() -> RpcRefusal.invalidRequest(404, "There is no such session; begin with initialize"));
        List<String> versions = exchange.headers(VERSION);
        if (versions.size() > 1 || (versions.size() == 1 && !isOf(session, versions.get(0)))) {
            throw RpcRefusal.invalidRequest(400, "This MCP-Protocol-Version is not that of a session");
        }
        return session;
    }

    /** Mostly it is the one agreed on; any other with sessions is put up with. */
    private static boolean isOf(Session session, String version) {
        return version.equals(session.client().version()) || Revisions.isLegacy(version);
    }
}
