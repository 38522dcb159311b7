package io.agenthub.api.bridge;

import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.rpc.RpcRequest;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * What a bridge is told of one call, and where it reports what happens beside the answer.
 *
 * <p>Made by the caller of {@link Bridge#request}, used by the bridge. Its methods never block and never throw.
 */
public interface CallContext {

    /**
     * The time left until the deadline, which the caller keeps.
     *
     * @return zero if it has passed
     */
    Duration remaining();

    /**
     * Who calls.
     *
     * @return what the server may know of the caller; {@link ClientProfile#NONE} by default
     */
    default ClientProfile client() {
        return ClientProfile.NONE;
    }

    /**
     * Claims the call for its way to the server, just before the first byte of the request is handed over. From then on the call
     * may have run.
     *
     * <p>The claim and the end of the call exclude each other: a call that was told not to have left its queue, be it by a deadline
     * or by whoever withdrew it, never leaves it later. Whoever sends a call that is under way once more, for another attempt or
     * round, need not claim it again.
     *
     * @return whether the request may be handed over; if not, the call has ended, none of its bytes may leave, and its stage need not
     *     complete
     */
    boolean tryDispatch();

    /**
     * Whether the caller wants {@code notifications/progress}.
     *
     * @return true if the bridge should ask the server for progress with a token of its own
     */
    boolean wantsProgress();

    /**
     * Whether the caller hears log messages that can be meant for this call.
     *
     * @return true by default if it wants progress
     */
    default boolean wantsMessages() {
        return wantsProgress();
    }

    /**
     * Hands over a notification that belongs to this call, in the order of arrival and never after its end.
     *
     * @param notification progress without its token, or a log message
     */
    void notified(RpcNotification notification);

    /**
     * Hands over a question of the server that belongs to this call: elicitation, sampling or roots.
     *
     * @param request the question with the server's own id
     * @return the caller's answer; an error with code -32601 if it takes no questions
     */
    CompletionStage<RpcOutcome> asked(RpcRequest request);
}
