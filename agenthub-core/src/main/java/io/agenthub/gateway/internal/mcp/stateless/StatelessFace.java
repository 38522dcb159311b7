package io.agenthub.gateway.internal.mcp.stateless;

import io.agenthub.api.Promise;
import io.agenthub.api.Scheduler;
import io.agenthub.api.hub.CallOptions;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.rpc.RpcRequest;
import io.agenthub.api.rpc.RpcResult;
import io.agenthub.gateway.internal.http.CutShort;
import io.agenthub.gateway.internal.http.EnhanceHeader;
import io.agenthub.gateway.internal.http.Exchange;
import io.agenthub.gateway.internal.http.Response;
import io.agenthub.gateway.internal.mcp.stateless.StatelessCall.Turn;
import io.agenthub.gateway.internal.mcp.upstream.Description;
import io.agenthub.gateway.internal.mcp.upstream.Upstream;
import io.agenthub.gateway.internal.mcp.wire.Meta;
import io.agenthub.gateway.internal.mcp.wire.Preparing;
import io.agenthub.gateway.internal.mcp.wire.Principal;
import io.agenthub.gateway.internal.mcp.wire.Pulse;
import io.agenthub.gateway.internal.mcp.wire.Revisions;
import io.agenthub.gateway.internal.mcp.wire.RpcRefusal;
import io.agenthub.gateway.internal.mcp.wire.Secrets;
import io.agenthub.gateway.internal.mcp.wire.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;

/** What a stateless client may do at an endpoint: one request at a time, each complete in itself. Thread-safe. */
public final class StatelessFace {
    private static final Executor ON_ARRIVAL = Runnable::run;
    /** Methods of the revisions with sessions, and of tasks, which live in one connection to a server and not in the next. */
    private static final Set<String> REMOVED = Set.of(
            "initialize",
            "ping",
            "logging/setLevel",
            "resources/subscribe",
            "resources/unsubscribe",
            "tasks/get",
            "tasks/result",
            "tasks/list",
            "tasks/cancel",
            "tasks/update");

    private final Pulse pulse;
    private final Parking parking;
    private final Subscriptions subscriptions;
    private final Function<Throwable, RpcError> errors;

    /**
     * Makes the face.
     *
     * @param scheduler the time
     * @param pulse beats for what waits
     * @param secrets seal the states of calls
     * @param errors turns failures into JSON-RPC errors
     */
    public StatelessFace(Scheduler scheduler, Pulse pulse, Secrets secrets, Function<Throwable, RpcError> errors) {
        this.pulse = pulse;
        this.parking = new Parking(scheduler, pulse, secrets);
        this.subscriptions = new Subscriptions(pulse);
        this.errors = errors;
    }

    /**
     * How many calls wait for a client that was asked something.
     *
     * @return a snapshot
     */
    public int parked() {
        return parking.size();
    }

    /** Ends what would stay open for ever; calls go on. */
    public void drain() {
        subscriptions.drain();
        parking.clear();
    }

    /**
     * One request.
     *
     * @param exchange the post
     * @param upstream what it asks
     * @param request the message
     */
    public void post(Exchange exchange, Upstream upstream, RpcRequest request) {
        Envelope envelope = Envelope.of(exchange, request);
        if (REMOVED.contains(request.method()) || request.method().startsWith("notifications/")) {
            throw Codes.unknownMethod(request.method());
        }
        switch (request.method()) {
            case "server/discover" -> discover(exchange, upstream, request);
            case "subscriptions/listen" -> subscriptions.open(exchange, upstream, request, errors);
            case "tools/call" -> tool(exchange, upstream, request, envelope);
            default -> call(exchange, upstream, request, envelope);
        }
    }

    /** Goes on when a stage has succeeded, and otherwise answers with the failure. */
    private <T> void then(
            Exchange exchange, Upstream upstream, RpcRequest request, CompletionStage<T> stage, Consumer<T> next) {
        exchange.onAbandoned(new Preparing(exchange, upstream.name(), request.id(), stage, errors));
        stage.whenComplete((value, failure) -> {
            if (failure != null) {
                exchange.respond(Response.rpc(200, request.id(), errors.apply(failure)));
                return;
            }
            try {
                next.accept(value);
            } catch (RpcRefusal e) {
                exchange.respond(Response.rpc(e.status(), request.id(), e.error()));
            } catch (Throwable e) {
                // An Error, too, must not leave a client without an answer.
                exchange.respond(Response.rpc(200, request.id(), errors.apply(e)));
            }
        });
    }

    private void discover(Exchange exchange, Upstream upstream, RpcRequest request) {
        then(exchange, upstream, request, upstream.describe(), description -> {
            Map<String, JsonText> members = new LinkedHashMap<>();
            members.put("supportedVersions", JsonText.ofValue(List.of(Revisions.MODERN)));
            members.put("capabilities", description.capabilities());
            description.instructions().ifPresent(text -> members.put("instructions", text));
            JsonText result = ModernOutcomes.complete(
                    request.method(), JsonText.object(members), Optional.of(description.serverInfo()));
            exchange.respond(Response.rpc(200, request.id(), new RpcResult(result)));
        });
    }

    /** The headers of a call can be checked only against the schema of its tool. */
    private void tool(Exchange exchange, Upstream upstream, RpcRequest request, Envelope envelope) {
        JsonText params = params(request);
        String name = params.member("name").flatMap(JsonText::string).orElse("");
        then(exchange, upstream, request, upstream.mirrored(name), mirrored -> {
            ParameterHeaders.check(exchange, mirrored, params);
            call(exchange, upstream, request, envelope);
        });
    }

    private static JsonText params(RpcRequest request) {
        JsonText params = request.params();
        return params == null ? JsonText.EMPTY_OBJECT : params;
    }

    private void call(Exchange exchange, Upstream upstream, RpcRequest request, Envelope envelope) {
        JsonText params = Meta.stripped(params(request));
        Turn turn = new Turn(request, envelope, new StatelessReply(exchange, pulse));
        boolean again = ModernOutcomes.ASKING.contains(request.method())
                && (params.member("requestState").isPresent()
                        || params.member("inputResponses").isPresent());
        if (!again) {
            begin(exchange, upstream, turn, params);
            return;
        }
        then(exchange, upstream, request, upstream.isStateless(request.method(), params), stateless -> {
            if (stateless) {
                // Such a server looks after its own states, sealed as it sees fit.
                begin(exchange, upstream, turn, params);
            } else if (params.member("requestState").isPresent()) {
                resume(exchange, upstream, turn, params);
            } else {
                begin(exchange, upstream, turn, params.without("inputResponses"));
            }
        });
    }

    private void begin(Exchange exchange, Upstream upstream, Turn turn, JsonText params) {
        RpcRequest request = turn.request();
        JsonText capabilities = turn.envelope().capabilities();
        Optional<JsonText> self = upstream.known().map(Description::serverInfo);
        StatelessCall call = new StatelessCall(
                parking,
                binding(exchange, upstream, request),
                turn,
                self,
                outcome -> Shape.of(
                        upstream.name(),
                        errors,
                        () -> ModernOutcomes.of(
                                request,
                                outcome,
                                capabilities,
                                self.or(() -> upstream.known().map(Description::serverInfo)),
                                upstream.isKnownStateless(request.method(), params))),
                dispatched -> errors.apply(new CutShort(upstream.name(), dispatched)));
        turn.reply().begin(call);
        CallOptions options = CallOptions.builder()
                .client(turn.envelope().clientName().orElse(null))
                .peer(exchange.peer())
                .requestId(request.id().toString())
                .listener(call)
                .profile(turn.envelope().profile())
                .trace(exchange.trace().orElse(null))
                .executor(ON_ARRIVAL)
                .enhance(EnhanceHeader.read(exchange).orElse(null))
                .arrival(call)
                .build();
        exchange.dropHeaders();
        CompletionStage<RpcOutcome> stage = call.isCutShort()
                ? Promise.failed(new CutShort(upstream.name(), false))
                : upstream.request(request.method(), params, options);
        call.follow(stage);
        stage.whenComplete((outcome, failure) -> call.outcome(outcome != null ? outcome : errors.apply(failure)));
    }

    private static byte[] binding(Exchange exchange, Upstream upstream, RpcRequest request) {
        return RequestState.binding(Principal.of(exchange), upstream.name(), request.method(), request.params());
    }

    private void resume(Exchange exchange, Upstream upstream, Turn turn, JsonText params) {
        RequestState.Ticket ticket = params.member("requestState")
                .flatMap(JsonText::string)
                .flatMap(state -> parking.states().open(state, binding(exchange, upstream, turn.request())))
                .orElseThrow(Codes::unknownState);
        exchange.dropHeaders();
        StatelessCall call = parking.find(ticket.call()).orElseThrow(Codes::unknownState);
        JsonText answers = params.member("inputResponses").orElse(JsonText.EMPTY_OBJECT);
        if (!answers.isObject()) {
            throw RpcRefusal.invalidParams(200, "'inputResponses' must be an object");
        }
        call.resume(turn, ticket, answers.members());
    }
}
