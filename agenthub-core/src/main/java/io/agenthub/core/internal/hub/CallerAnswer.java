package io.agenthub.core.internal.hub;

import io.agenthub.api.Promise;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.rpc.RpcRequest;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What the caller says to a question; the caller is told if the server does not want to know any more. Thread-safe. */
final class CallerAnswer extends Promise<RpcOutcome> {
    private volatile @Nullable CompletionStage<RpcOutcome> given;

    CallerAnswer() {
        super(Runnable::run);
    }

    void follow(CompletionStage<RpcOutcome> stage, RpcRequest request) {
        given = stage;
        stage.whenComplete((outcome, failure) -> succeed(outcome != null ? outcome : refusal(request)));
        if (isCancelled()) {
            onCancel();
        }
    }

    @Override
    protected void onCancel() {
        CompletionStage<RpcOutcome> stage = given;
        if (stage != null) {
            stage.toCompletableFuture().cancel(true);
        }
    }

    /** What is answered where nobody answers. */
    static RpcError refusal(RpcRequest request) {
        return RpcError.of(RpcError.METHOD_NOT_FOUND, "Nobody answers " + request.method() + " here", null);
    }
}
