package io.agenthub.gateway.internal.mcp.stateless;

import io.agenthub.api.hub.CallArrival;
import io.agenthub.api.hub.CallListener;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.rpc.RpcRequest;
import io.agenthub.api.rpc.RpcResult;
import io.agenthub.gateway.internal.http.Exchange;
import io.agenthub.gateway.internal.mcp.stateless.Questions.Question;
import io.agenthub.gateway.internal.mcp.wire.Capabilities;
import io.agenthub.gateway.internal.mcp.wire.LogLevel;
import io.agenthub.gateway.internal.mcp.wire.Meta;
import io.agenthub.gateway.internal.mcp.wire.RpcRefusal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** One call of the server, for one request of a client or, if the server asks something meanwhile, for several. */
final class StatelessCall implements CallListener, CallArrival, Exchange.Owner {
    /*
     *   ATTACHED ──── question, and 20 ms for more ────▶ PARKED
     *       │   ◀── the request again, with answers ──────  │
     *       └──▶ ENDED: outcome, client gone               └──▶ ENDED: too late, too many
     *
     * `turn` is the request that is being answered; none while parked. All fields are guarded by the call's own lock; replies are
     * written under it, so that nothing follows a response; promises of the server and the stage are completed outside it.
     */

    /** One request of the client and the way back to it. */
    record Turn(RpcRequest request, Envelope envelope, StatelessReply reply) {}

    private static final Optional<String> MODERN = Optional.of("modern");

    private final Parking parking;
    private final byte[] binding;
    private final UnaryOperator<RpcOutcome> shape;
    private final Function<Boolean, RpcError> lastWord;
    private final Optional<JsonText> serverInfo;
    private final JsonText capabilities;
    private final long number;
    private final Questions questions = new Questions();
    private @Nullable Turn turn;
    private @Nullable RpcOutcome early;
    private @Nullable CompletionStage<RpcOutcome> stage;
    private int round;
    private boolean ended;
    private boolean cutShort;
    private volatile boolean dispatched;

    StatelessCall(
            Parking parking,
            byte[] binding,
            Turn first,
            Optional<JsonText> serverInfo,
            UnaryOperator<RpcOutcome> shape,
            Function<Boolean, RpcError> lastWord) {
        this.parking = parking;
        this.binding = binding;
        this.turn = first;
        this.capabilities = first.envelope().capabilities();
        this.serverInfo = serverInfo;
        this.shape = shape;
        this.lastWord = lastWord;
        this.number = parking.number();
    }

    long number() {
        return number;
    }

    /** Waits for the outcome. */
    void follow(CompletionStage<RpcOutcome> outcome) {
        boolean over;
        boolean late;
        synchronized (this) {
            stage = outcome;
            over = ended;
            late = cutShort;
        }
        if (over) {
            outcome.toCompletableFuture().cancel(true);
        } else if (late) {
            cutShort();
        }
    }

    /** The server's outcome, or what became of it. */
    synchronized void outcome(RpcOutcome outcome) {
        if (ended) {
            return;
        }
        Turn present = turn;
        if (present == null) {
            // Kept for the client, which may come back for it as long as it could have come with answers.
            early = outcome;
        } else {
            respond(present, shape.apply(outcome));
            ended = true;
            parking.remove(this);
        }
    }

    private static void respond(Turn turn, RpcOutcome outcome) {
        turn.reply().respond(status(outcome), turn.request().id(), outcome);
    }

    private static int status(RpcOutcome outcome) {
        return outcome instanceof RpcError error ? Codes.status(error.code()) : 200;
    }

    @Override
    public Optional<String> era() {
        return MODERN;
    }

    @Override
    public void dispatched() {
        dispatched = true;
    }

    /** What was answered before the outcome was known, be it a stream or a question, was answered with 200. */
    @Override
    public OptionalInt httpStatus(@Nullable RpcOutcome outcome, @Nullable Throwable failure) {
        Turn present;
        synchronized (this) {
            present = turn;
        }
        if (outcome == null) {
            return failure == null ? OptionalInt.empty() : OptionalInt.of(200);
        }
        boolean plain = present != null && !present.reply().isStream();
        return OptionalInt.of(plain && outcome instanceof RpcError ? status(shape.apply(outcome)) : 200);
    }

    /** Ends it without an answer: the client is gone, or was gone for too long. */
    void cancel() {
        end(null);
    }

    @Override
    public void abandoned() {
        cancel();
    }

    /** The gateway waits no longer. A call that is still on its way to the server is ended once it can be withdrawn. */
    @Override
    public void cutShort() {
        boolean underWay;
        synchronized (this) {
            cutShort = true;
            underWay = stage != null;
        }
        if (underWay) {
            end(() -> lastWord.apply(dispatched));
        }
    }

    synchronized boolean isCutShort() {
        return cutShort;
    }

    private void end(@Nullable Supplier<RpcOutcome> last) {
        CompletionStage<RpcOutcome> running;
        List<Question> abandoned;
        Turn present;
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
            running = stage;
            abandoned = questions.takeAll();
            present = turn;
        }
        parking.remove(this);
        // The server is told before its questions are given up, so that it does not go on with what they would do.
        if (running != null) {
            running.toCompletableFuture().cancel(true);
        }
        if (present != null && last != null) {
            // Nothing else is written to the reply of a call that has ended; and what is withdrawn cannot be sent any
            // more.
            respond(present, last.get());
        }
        abandoned.forEach(question -> question.cancel(true));
    }

    // ---- What the server says meanwhile.

    @Override
    public synchronized void notified(RpcNotification notification) {
        Turn present = turn;
        if (ended || present == null) {
            return;
        }
        if (notification.method().equals("notifications/progress")) {
            Meta.progressToken(present.request().params())
                    .ifPresent(token -> present.reply().send(Meta.withToken(notification, token)));
        } else if (notification.method().equals(LogLevel.METHOD)) {
            present.envelope()
                    .logLevel()
                    .filter(least -> LogLevel.reaches(notification, least))
                    .ifPresent(least -> present.reply().send(notification));
        }
    }

    @Override
    public CompletionStage<RpcOutcome> asked(RpcRequest request) {
        Optional<JsonText> missing = Capabilities.missing(capabilities, request.method(), request.params());
        if (missing.isPresent()) {
            end(() -> Codes.missingCapability(missing.get()));
            return CallListener.super.asked(request);
        }
        Question question;
        synchronized (this) {
            if (ended || questions.isFull()) {
                return CallListener.super.asked(request);
            }
            question = questions.add(request);
        }
        question.whenComplete((outcome, failure) -> forget(question));
        parking.afterGrouping(this::park);
        return question;
    }

    private synchronized void forget(Question question) {
        questions.remove(question);
    }

    /** Answers the client with what the server wants to know. */
    private void park() {
        Turn asked;
        RpcResult result;
        synchronized (this) {
            Turn present = turn;
            if (ended || present == null || questions.isEmpty()) {
                return;
            }
            asked = present;
            turn = null;
            round++;
            String state = parking.states().seal(new RequestState.Ticket(number, round), binding);
            result = ModernOutcomes.inputRequired(questions.json(), Optional.of(state), serverInfo);
        }
        // Before the client hears of it: it may be back at once. Without a turn nobody else writes to the reply.
        if (parking.park(this)) {
            asked.reply().respond(200, asked.request().id(), result);
        } else {
            end(null);
            respond(asked, Codes.tooManyQuestions());
        }
    }

    /**
     * The client comes back.
     *
     * @param next its request
     * @param ticket which round it answers
     * @param answers what it says, by the keys it was asked under
     * @throws RpcRefusal if this is not the round it was asked in, or an answer is no object
     */
    void resume(Turn next, RequestState.Ticket ticket, Map<String, JsonText> answers) {
        List<Question> answered;
        boolean more;
        synchronized (this) {
            if (ended || turn != null || ticket.round() != round) {
                throw Codes.unknownState();
            }
            if (questions.isMalformed(answers)) {
                throw RpcRefusal.invalidParams(200, "An input response must be an object");
            }
            answered = questions.takeAnswered(answers);
            turn = next;
            RpcOutcome known = early;
            more = !questions.isEmpty();
            if (known != null) {
                outcome(known);
            } else {
                // This round is over, and its state is of no use any more.
                round++;
            }
        }
        next.reply().begin(this);
        goOn(answered, answers, more);
    }

    private void goOn(List<Question> answered, Map<String, JsonText> answers, boolean more) {
        if (answered.isEmpty() && more) {
            park();
            return;
        }
        parking.remove(this);
        answered.forEach(question -> answer(question, answers));
        if (more) {
            parking.afterGrouping(this::park);
        }
    }

    private static void answer(Question question, Map<String, JsonText> answers) {
        JsonText value = answers.get(Questions.key(question));
        if (value != null) {
            question.succeed(new RpcResult(value));
        }
    }
}
