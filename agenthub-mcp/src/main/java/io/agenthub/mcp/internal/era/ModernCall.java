package io.agenthub.mcp.internal.era;

import io.agenthub.api.AgentHubException;
import io.agenthub.api.Promise;
import io.agenthub.api.bridge.Bridge;
import io.agenthub.api.bridge.BridgeClosedException;
import io.agenthub.api.bridge.BridgeExit;
import io.agenthub.api.bridge.CallContext;
import io.agenthub.api.bridge.ClientProfile;
import io.agenthub.api.bridge.ProtocolViolationException;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.MalformedMessageException;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.rpc.RpcRequest;
import io.agenthub.api.rpc.RpcResult;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One call of a stateless server, over as many requests as it takes to answer the questions it has. Thread-safe. */
final class ModernCall extends Promise<RpcOutcome> implements CallContext {
    /*
     *   SENT ──── input_required ────▶ ASKING ──── all answered ────▶ SENT ...  at most MOST_ROUNDS times
     *     │                               │
     *     └── any other outcome ──▶ END ◀─┴── refused, connection closed, cancelled
     *
     * `underWay` is what there is to be withdrawn in the present state: the request, or the questions.
     */
    private static final int MOST_ROUNDS = 8;

    private final String server;
    private final Bridge wire;
    private final Envelope envelope;
    private final String method;
    private final @Nullable JsonText params;
    private final CallContext caller;
    private final Consumer<RpcError> refused;
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile List<CompletableFuture<RpcOutcome>> underWay = List.of();
    private volatile boolean dispatched;
    private volatile boolean asking;
    private int rounds;

    ModernCall(
            Executor executor,
            String server,
            Bridge wire,
            Envelope envelope,
            String method,
            @Nullable JsonText params,
            CallContext caller,
            Consumer<RpcError> refused) {
        super(executor);
        this.server = server;
        this.wire = wire;
        this.envelope = envelope;
        this.method = method;
        this.params = params;
        this.caller = caller;
        this.refused = refused;
    }

    void begin() {
        send(() -> params);
    }

    /** Begins a round. Whatever keeps it from being sent ends the call, which nobody else would. */
    private void send(Supplier<@Nullable JsonText> next) {
        CompletionStage<RpcOutcome> sent;
        try {
            sent = wire.request(method, envelope.around(next.get(), caller.client()), this);
        } catch (RuntimeException | Error e) {
            end(null, e);
            return;
        }
        asking = false;
        underWay = List.of(sent.toCompletableFuture());
        sent.whenComplete(this::answered);
        if (ended.get()) {
            withdraw();
        }
    }

    private void answered(@Nullable RpcOutcome outcome, @Nullable Throwable failure) {
        if (outcome == null) {
            end(null, failure == null ? new IllegalStateException("no outcome") : failure);
            return;
        }
        try {
            if (outcome instanceof RpcResult result && InputRequired.isIt(result.value())) {
                inputRequired(result, InputRequired.read(method, result.value(), envelope.forwardRoots()));
                return;
            }
        } catch (MalformedMessageException e) {
            end(null, new ProtocolViolationException(server, "answered " + method + " unreadably: " + e.getMessage()));
            return;
        } catch (InputRequired.ForbiddenException e) {
            end(null, new ProtocolViolationException(server, e.getMessage()));
            return;
        } catch (RuntimeException | Error e) {
            end(null, e);
            return;
        }
        if (outcome instanceof RpcError error) {
            refused.accept(error);
        }
        end(outcome, null);
    }

    /** What became of a later round may not have been sent; the call as a whole was. */
    private Throwable told(Throwable failure) {
        if (rounds == 0 || !(failure instanceof AgentHubException known) || known.dispatched()) {
            return failure;
        }
        if (known instanceof BridgeClosedException closed) {
            return new BridgeClosedException(server, closed.exit(), true);
        }
        return known instanceof MalformedMessageException malformed
                ? new MalformedMessageException(malformed.code(), String.valueOf(malformed.getMessage()), true)
                : new UnsentRoundException(known);
    }

    private void inputRequired(RpcResult result, InputRequired input) {
        if (caller.client().takesInputRequired()) {
            end(result, null);
        } else if (++rounds > MOST_ROUNDS) {
            end(internal("The server went on asking for input after " + MOST_ROUNDS + " rounds"), null);
        } else if (input.requests().isEmpty()) {
            send(() -> input.retry(params, Map.of()));
        } else {
            ask(input);
        }
    }

    private void ask(InputRequired input) {
        Map<String, CompletableFuture<RpcOutcome>> answers = new LinkedHashMap<>();
        asking = true;
        input.requests().forEach((key, question) -> answers.put(key, put(question)));
        underWay = List.copyOf(answers.values());
        answers.forEach((key, answer) -> answer.whenComplete((outcome, failure) -> {
            if (!(outcome instanceof RpcResult)) {
                notAnswered(input.requests().get(key), outcome);
            }
        }));
        CompletableFuture.allOf(answers.values().toArray(CompletableFuture<?>[]::new))
                .thenRun(() -> goOn(input, answers));
        if (ended.get()) {
            withdraw();
        }
    }

    private CompletableFuture<RpcOutcome> put(RpcRequest question) {
        try {
            return caller.asked(question).toCompletableFuture();
        } catch (RuntimeException | Error e) {
            return Promise.failed(e);
        }
    }

    /** A stateless server can be told no error, so the call ends with it. */
    private void notAnswered(@Nullable RpcRequest question, @Nullable RpcOutcome outcome) {
        String why = outcome instanceof RpcError error ? ": " + error.message() : "";
        String what = question == null ? "a question" : question.method();
        end(internal("The client did not answer " + what + why), null);
        withdraw();
    }

    private static RpcError internal(String message) {
        return RpcError.of(RpcError.INTERNAL_ERROR, message, null);
    }

    private void goOn(InputRequired input, Map<String, CompletableFuture<RpcOutcome>> answers) {
        Map<String, JsonText> responses = new LinkedHashMap<>();
        answers.forEach((key, answer) -> {
            if (answer.getNow(null) instanceof RpcResult result) {
                responses.put(key, result.value());
            }
        });
        if (responses.size() == answers.size() && !ended.get()) {
            send(() -> input.retry(params, responses));
        }
    }

    /** The connection is gone. A request under way was told so; one that waits for its client hears it here. */
    void closed(BridgeExit exit) {
        if (asking) {
            end(null, new BridgeClosedException(server, exit, true));
            withdraw();
        }
    }

    /** Whatever comes first is what the caller is told, however long its executor takes. */
    private void end(@Nullable RpcOutcome outcome, @Nullable Throwable failure) {
        if (ended.compareAndSet(false, true)) {
            if (outcome != null) {
                succeed(outcome);
            } else if (failure != null) {
                fail(told(failure));
            }
        }
    }

    @Override
    protected void onCancel() {
        ended.set(true);
        withdraw();
    }

    private void withdraw() {
        underWay.forEach(stage -> stage.cancel(true));
    }

    @Override
    public Duration remaining() {
        return caller.remaining();
    }

    @Override
    public ClientProfile client() {
        return caller.client();
    }

    /** Later rounds belong to a call that is under way already. */
    @Override
    public boolean tryDispatch() {
        dispatched = dispatched || caller.tryDispatch();
        return dispatched;
    }

    @Override
    public boolean wantsProgress() {
        return caller.wantsProgress();
    }

    @Override
    public boolean wantsMessages() {
        return caller.wantsMessages();
    }

    @Override
    public void notified(RpcNotification notification) {
        caller.notified(notification);
    }

    /** No transport should ask: a stateless server sends no requests. */
    @Override
    public CompletionStage<RpcOutcome> asked(RpcRequest request) {
        return Unattended.DEAF.asked(request);
    }
}
