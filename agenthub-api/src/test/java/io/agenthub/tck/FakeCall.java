package io.agenthub.tck;

import io.agenthub.api.Promise;
import io.agenthub.api.bridge.CallContext;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.rpc.RpcRequest;
import io.agenthub.api.rpc.RpcResult;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One request as a {@link FakeBridge} sees it. Thread-safe; the first outcome counts. */
public final class FakeCall {
    private final String method;
    private final @Nullable JsonText params;
    private final CallContext context;
    private final Pending pending;

    FakeCall(
            String method,
            @Nullable JsonText params,
            CallContext context,
            Executor executor,
            Consumer<FakeCall> onEnd) {
        this.method = method;
        this.params = params;
        this.context = context;
        this.pending = new Pending(executor, () -> onEnd.accept(this));
    }

    /**
     * What was called.
     *
     * @return the MCP method
     */
    public String method() {
        return method;
    }

    /**
     * What it was called with.
     *
     * @return the parameters, or null
     */
    public @Nullable JsonText params() {
        return params;
    }

    /**
     * The caller's side of the call.
     *
     * @return the context it gave
     */
    public CallContext context() {
        return context;
    }

    /**
     * Answers with a result.
     *
     * @param result its value
     */
    public void answer(JsonText result) {
        end(new RpcResult(result));
    }

    /**
     * Answers with an error, as a server does.
     *
     * @param code its code
     * @param message its message
     */
    public void error(int code, String message) {
        end(RpcError.of(code, message, null));
    }

    /**
     * Answers.
     *
     * @param outcome the outcome
     */
    public void end(RpcOutcome outcome) {
        pending.onEnd.run();
        pending.succeed(outcome);
    }

    /**
     * Fails the call, as a bridge does.
     *
     * @param failure the failure
     */
    public void fail(Throwable failure) {
        pending.onEnd.run();
        pending.fail(failure);
    }

    /**
     * Reports progress to the caller.
     *
     * @param progress how far
     */
    public void progress(int progress) {
        if (!isEnded()) {
            context.notified(new RpcNotification(
                    "notifications/progress", JsonText.object(Map.of("progress", JsonText.ofValue(progress)))));
        }
    }

    /**
     * Asks the caller something.
     *
     * @param question the question
     * @return the caller's answer
     */
    public CompletionStage<RpcOutcome> ask(RpcRequest question) {
        return context.asked(question);
    }

    /**
     * Whether the caller gave up.
     *
     * @return true if it cancelled before there was an outcome
     */
    public boolean isCancelled() {
        return pending.isCancelled();
    }

    /**
     * Whether the call has ended, in whatever way.
     *
     * @return true if so
     */
    public boolean isEnded() {
        return pending.isDone();
    }

    Promise<RpcOutcome> stage() {
        return pending;
    }

    private static final class Pending extends Promise<RpcOutcome> {
        private final Runnable onEnd;

        Pending(Executor executor, Runnable onEnd) {
            super(executor);
            this.onEnd = onEnd;
        }

        @Override
        protected void onCancel() {
            onEnd.run();
        }
    }
}
