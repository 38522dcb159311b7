package io.agenthub.gateway.internal.mcp.session;

import io.agenthub.api.Promise;
import io.agenthub.api.hub.CallOptions;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.rpc.RpcRequest;
import io.agenthub.api.rpc.RpcResult;
import io.agenthub.gateway.internal.http.EnhanceHeader;
import io.agenthub.gateway.internal.http.Exchange;
import io.agenthub.gateway.internal.mcp.wire.LogLevel;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Decides what of a session's messages the gateway answers itself, and passes on the rest. Keeps nothing. */
final class SessionDesk {
    private static final RpcResult NOTHING = new RpcResult(JsonText.EMPTY_OBJECT);
    /** They speak of this session, which the server knows nothing of. */
    private static final Set<String> OF_THE_SESSION = Set.of(
            "notifications/initialized",
            "notifications/cancelled",
            "notifications/progress",
            "notifications/roots/list_changed");
    /** Nothing but its answer can come of these, unless the client wants to hear of progress. */
    private static final Set<String> QUIET =
            Set.of("tools/list", "prompts/list", "resources/list", "resources/templates/list", "completion/complete");

    private final Function<Throwable, RpcError> errors;

    SessionDesk(Function<Throwable, RpcError> errors) {
        this.errors = errors;
    }

    void notified(Session session, RpcNotification notification, Exchange exchange) {
        if (notification.method().equals("notifications/cancelled")) {
            Optional.ofNullable(notification.params())
                    .flatMap(params -> params.member("requestId"))
                    .ifPresent(session::cancel);
        } else if (!OF_THE_SESSION.contains(notification.method())) {
            session.upstream()
                    .notify(new RpcNotification(notification.method(), exchange.traced(notification.params())));
        }
    }

    void serve(Session session, RpcRequest request, SessionCall call, Exchange exchange) {
        CompletionStage<RpcOutcome> outcome;
        try {
            outcome = outcome(session, request, call, exchange);
        } catch (RuntimeException | Error e) {
            outcome = Promise.succeeded(errors.apply(e));
        }
        call.follow(outcome);
    }

    private CompletionStage<RpcOutcome> outcome(
            Session session, RpcRequest request, SessionCall call, Exchange exchange) {
        JsonText params = request.params();
        return switch (request.method()) {
            case "ping" -> Promise.succeeded(NOTHING);
            case "initialize" -> Promise.succeeded(refused("This session is initialized already"));
            case "logging/setLevel" -> Promise.succeeded(logLevel(session, params));
            case "resources/subscribe" -> watch(session, params, options(session, request, call, exchange));
            case "resources/unsubscribe" -> unwatch(session, params, options(session, request, call, exchange));
            default ->
                request.method().startsWith("tasks/")
                        ? Promise.succeeded(notFound(request.method()))
                        : session.upstream()
                                .request(request.method(), params, options(session, request, call, exchange));
        };
    }

    private static RpcError refused(String why) {
        return RpcError.of(-32_600, why, null);
    }

    private static RpcError notFound(String method) {
        return RpcError.of(RpcError.METHOD_NOT_FOUND, "Method not found: " + method, null);
    }

    private static RpcOutcome logLevel(Session session, @Nullable JsonText params) {
        Optional<String> level = text(params, "level").filter(LogLevel::isKnown);
        level.ifPresent(session::logLevel);
        return level.isPresent()
                ? NOTHING
                : RpcError.of(RpcError.INVALID_PARAMS, "'level' must be one of the eight levels of RFC 5424", null);
    }

    private static CompletionStage<RpcOutcome> watch(Session session, @Nullable JsonText params, CallOptions options) {
        Optional<String> uri = text(params, "uri");
        if (uri.isEmpty() || !session.watch(uri.get())) {
            boolean known = uri.isPresent() && session.isWatching(uri.get());
            return Promise.succeeded(
                    known ? NOTHING : RpcError.of(RpcError.INVALID_PARAMS, "'uri' is missing, or one too many", null));
        }
        CompletionStage<RpcOutcome> watching = session.upstream().watch(uri.get(), options);
        watching.whenComplete((outcome, failure) -> {
            if (outcome instanceof RpcResult) {
                session.watches(uri.get());
            } else {
                session.unwatch(uri.get());
            }
        });
        return watching;
    }

    private static CompletionStage<RpcOutcome> unwatch(
            Session session, @Nullable JsonText params, CallOptions options) {
        Optional<String> uri = text(params, "uri");
        if (uri.isEmpty()) {
            return Promise.succeeded(RpcError.of(RpcError.INVALID_PARAMS, "'uri' is missing", null));
        }
        return session.unwatch(uri.get()) ? session.upstream().unwatch(uri.get(), options) : Promise.succeeded(NOTHING);
    }

    private static Optional<String> text(@Nullable JsonText params, String name) {
        return params == null ? Optional.empty() : params.member(name).flatMap(JsonText::string);
    }

    private static CallOptions options(Session session, RpcRequest request, SessionCall call, Exchange exchange) {
        boolean quiet = QUIET.contains(request.method()) && !call.wantsProgress();
        return session.options().toBuilder()
                .peer(exchange.peer())
                .requestId(request.id().toString())
                .listener(quiet ? null : call)
                .arrival(call)
                .trace(exchange.trace().orElse(null))
                .enhance(EnhanceHeader.read(exchange).orElse(null))
                .build();
    }
}
