package io.agenthub.gateway.internal.mcp.session;

import io.agenthub.api.Promise;
import io.agenthub.api.hub.CallArrival;
import io.agenthub.api.hub.CallListener;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.rpc.RpcRequest;
import io.agenthub.gateway.internal.http.CutShort;
import io.agenthub.gateway.internal.mcp.wire.Capabilities;
import io.agenthub.gateway.internal.mcp.wire.LogLevel;
import io.agenthub.gateway.internal.mcp.wire.Meta;
import io.agenthub.gateway.internal.mcp.wire.Shape;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One request of a session's client on its way, and what waits for its outcome. Thread-safe. */
final class SessionCall implements CallListener, CallArrival, BiConsumer<@Nullable RpcOutcome, @Nullable Throwable> {
    private static final Optional<String> LEGACY = Optional.of("legacy");

    private final Session session;
    private final RpcRequest request;
    private final PostReply reply;
    private final Function<Throwable, RpcError> errors;
    private final Optional<JsonText> progressToken;
    private volatile @Nullable Set<Promise<RpcOutcome>> questions;
    private volatile boolean ended;
    private volatile boolean dispatched;
    private volatile @Nullable CompletionStage<RpcOutcome> stage;

    SessionCall(Session session, RpcRequest request, PostReply reply, Function<Throwable, RpcError> errors) {
        this.session = session;
        this.request = request;
        this.reply = reply;
        this.errors = errors;
        this.progressToken = Meta.progressToken(request.params());
    }

    @Override
    public boolean wantsProgress() {
        return progressToken.isPresent();
    }

    /** Waits for the outcome. */
    void follow(CompletionStage<RpcOutcome> outcome) {
        stage = outcome;
        outcome.whenComplete(this);
        if (ended) {
            outcome.toCompletableFuture().cancel(true);
        }
        if (session.isCutShort()) {
            cutShort();
        }
    }

    /** The outcome is there. */
    @Override
    public void accept(@Nullable RpcOutcome value, @Nullable Throwable failure) {
        RpcOutcome outcome = value != null
                ? value
                : errors.apply(failure == null ? new IllegalStateException("no outcome") : failure);
        RpcOutcome shaped = Shape.of(session.upstream().name(), errors, () -> LegacyOutcomes.of(request, outcome));
        if (endsNow()) {
            leave();
            reply.respond(request.id(), shaped);
        }
    }

    /** Whether it is the caller who ends it, and nobody was before. */
    private synchronized boolean endsNow() {
        boolean first = !ended;
        ended = true;
        return first;
    }

    /** The client withdrew it, or its session ended. */
    void cancel() {
        if (endsNow()) {
            leave();
            reply.withdrawn();
            CompletionStage<RpcOutcome> running = stage;
            if (running != null) {
                running.toCompletableFuture().cancel(true);
            }
        }
    }

    /** The gateway waits no longer. A call that is still on its way to the server is ended once it can be withdrawn. */
    void cutShort() {
        CompletionStage<RpcOutcome> running = stage;
        if (running != null && endsNow()) {
            // First, since only a call that is withdrawn cannot be sent any more.
            running.toCompletableFuture().cancel(true);
            leave();
            reply.respond(
                    request.id(), errors.apply(new CutShort(session.upstream().name(), dispatched)));
        }
    }

    private void leave() {
        session.leave(request.id(), this);
        Set<Promise<RpcOutcome>> open = questions;
        if (open != null) {
            open.forEach(question -> question.cancel(true));
        }
    }

    @Override
    public Optional<String> era() {
        return LEGACY;
    }

    /** What happens after acceptance travels in the body: clients take other statuses for a dead transport. */
    @Override
    public OptionalInt httpStatus(@Nullable RpcOutcome outcome, @Nullable Throwable failure) {
        return outcome == null && failure == null ? OptionalInt.empty() : OptionalInt.of(200);
    }

    @Override
    public void dispatched() {
        dispatched = true;
    }

    /** A second has passed. */
    void beat() {
        reply.beat();
    }

    /** Hardly a call is asked anything. */
    private synchronized Set<Promise<RpcOutcome>> questions() {
        Set<Promise<RpcOutcome>> open = questions;
        if (open == null) {
            open = ConcurrentHashMap.newKeySet();
            questions = open;
        }
        return open;
    }

    @Override
    public void notified(RpcNotification notification) {
        if (ended) {
            return;
        }
        if (notification.method().equals("notifications/progress")) {
            progressToken.ifPresent(token -> reply.send(Meta.withToken(notification, token)));
        } else if (!notification.method().equals(LogLevel.METHOD) || session.wants(notification)) {
            reply.send(notification);
        }
    }

    @Override
    public CompletionStage<RpcOutcome> asked(RpcRequest question) {
        boolean able = Capabilities.missing(session.client().capabilities(), question.method(), question.params())
                .isEmpty();
        if (!able || ended || !reply.isReachable()) {
            return CallListener.super.asked(question);
        }
        Question answer = new Question();
        Optional<JsonText> id = session.open(answer);
        if (id.isEmpty()) {
            return Promise.succeeded(
                    RpcError.of(RpcError.INTERNAL_ERROR, "Too many questions to this client are open", null));
        }
        answer.id = id.get();
        questions().add(answer);
        reply.send(new RpcRequest(id.get(), question.method(), question.params()));
        if (ended) {
            answer.cancel(true);
        }
        return answer;
    }

    /** An open question; withdrawn when the server withdraws it, or when the call ends. */
    private final class Question extends Promise<RpcOutcome> {
        private JsonText id = JsonText.NULL;

        Question() {
            super(Runnable::run);
            whenComplete((outcome, failure) -> questions().remove(this));
        }

        @Override
        protected void onCancel() {
            JsonText params = JsonText.object(Map.of("requestId", id));
            reply.send(new RpcNotification("notifications/cancelled", params));
        }
    }
}
