package io.agenthub.api.hub;

import io.agenthub.api.rpc.RpcOutcome;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * How a call came to the hub, for its record. Asked once, when the call has ended and before its stage completes, on whatever
 * thread ended it; it must not block. What it throws is logged and leaves its part of the record out.
 *
 * <p>Whoever gives up a call before it has ended learns by {@link #dispatched()} whether it may have run.
 */
public interface CallArrival {

    /**
     * The protocol era of the caller.
     *
     * @return {@code legacy}, {@code modern}, or empty if it came by no MCP endpoint
     */
    Optional<String> era();

    /**
     * The status that the answer has on its way back.
     *
     * @param outcome what the server answered, or null
     * @param failure why there is no answer, or null; null as well if the caller withdrew the call
     * @return the status; empty if there is no answer, or it does not travel by HTTP
     */
    OptionalInt httpStatus(@Nullable RpcOutcome outcome, @Nullable Throwable failure);

    /**
     * The first byte of the request is about to be handed over: from here on the call may have run. Whoever cancels a call and
     * was not told of this until then knows that it has not run and will not. Called on whatever thread hands it over, perhaps more
     * than once; it must not block. Does nothing by default.
     */
    default void dispatched() {}

    /**
     * An arrival by HTTP whose every answer has the same status.
     *
     * @param era {@code legacy} or {@code modern}
     * @param status the status of every answer
     * @return the arrival
     */
    static CallArrival of(String era, int status) {
        Optional<String> known = Optional.of(era);
        OptionalInt always = OptionalInt.of(status);
        return new CallArrival() {
            @Override
            public Optional<String> era() {
                return known;
            }

            @Override
            public OptionalInt httpStatus(@Nullable RpcOutcome outcome, @Nullable Throwable failure) {
                return outcome == null && failure == null ? OptionalInt.empty() : always;
            }
        };
    }
}
