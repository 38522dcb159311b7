package io.agenthub.api.hub;

import io.agenthub.api.Promise;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.rpc.RpcRequest;
import java.util.concurrent.CompletionStage;

/**
 * Hears what happens during one call, beside its answer. Called on the call's executor, one at a time, in the order of
 * arrival, and never after the call has ended.
 */
public interface CallListener {

    /**
     * Whether it wants to hear of progress. Asked once, when the call is made.
     *
     * @return true by default; false asks the server for none
     */
    default boolean wantsProgress() {
        return true;
    }

    /**
     * The server reported progress or logged something for this call.
     *
     * @param notification the notification as it came, without the private progress token
     */
    default void notified(RpcNotification notification) {}

    /**
     * The server asks for something: elicitation, sampling or roots.
     *
     * @param request the question
     * @return the answer; the default refuses
     */
    default CompletionStage<RpcOutcome> asked(RpcRequest request) {
        return Promise.succeeded(
                RpcError.of(RpcError.METHOD_NOT_FOUND, "This client does not answer " + request.method(), null));
    }
}
