package io.agenthub.core.internal.spi;

import io.agenthub.api.Promise;
import io.agenthub.api.Scheduler;
import io.agenthub.api.bridge.Bridge;
import io.agenthub.api.bridge.CallContext;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.rpc.RpcRequest;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A request of the hub itself, behind which there is nobody: it wants no progress and answers no questions.
 *
 * @param remaining how long it may take
 * @param refusal what a server hears that asks something
 */
public record OwnRequest(Duration remaining, String refusal) implements CallContext {

    /**
     * Sends it, and gives it up in time.
     *
     * @param scheduler measures the time
     * @param bridge sends it
     * @param method its method
     * @param params its parameters, or null
     * @return the outcome, or a failure, when it was given up, too; never throws
     */
    public CompletionStage<RpcOutcome> send(
            Scheduler scheduler, Bridge bridge, String method, @Nullable JsonText params) {
        CompletionStage<RpcOutcome> answer = SafeStages.call("bridge", () -> bridge.request(method, params, this));
        Scheduler.Task timeout =
                scheduler.schedule(remaining, () -> answer.toCompletableFuture().cancel(true));
        answer.whenComplete((outcome, failure) -> timeout.cancel());
        return answer;
    }

    @Override
    public boolean tryDispatch() {
        return true;
    }

    @Override
    public boolean wantsProgress() {
        return false;
    }

    @Override
    public void notified(RpcNotification notification) {}

    @Override
    public CompletionStage<RpcOutcome> asked(RpcRequest request) {
        return Promise.succeeded(RpcError.of(RpcError.METHOD_NOT_FOUND, refusal, null));
    }
}
