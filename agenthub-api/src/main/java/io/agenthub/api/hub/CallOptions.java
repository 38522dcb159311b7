package io.agenthub.api.hub;

import io.agenthub.api.bridge.ClientProfile;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * How one call is to be made. Immutable.
 *
 * @param timeout its deadline, counted from acceptance; empty means the server's default. At most 24 h
 * @param client who asks, as claimed; for records and rules, never an identity
 * @param peer the address it came from, for records
 * @param requestId the caller's own id, for records
 * @param listener hears progress, log messages and questions
 * @param profile what a server may know of the caller
 * @param session names the client session the call belongs to, for servers with a connection for each session
 * @param trace where the call stands in a distributed trace
 * @param executor completes the stage; empty means the hub's callback executor
 * @param enhance whether the prompts that the server's {@link io.agenthub.api.server.ServerSpec#enhance() configuration} names
 *     are to be improved; empty leaves that to the configuration. A prompt that is not named there is never changed
 * @param arrival how it came to the hub, for records; empty for a call from within the same program
 */
public record CallOptions(
        Optional<Duration> timeout,
        Optional<String> client,
        Optional<String> peer,
        Optional<String> requestId,
        Optional<CallListener> listener,
        ClientProfile profile,
        Optional<String> session,
        Optional<TraceContext> trace,
        Optional<Executor> executor,
        Optional<Boolean> enhance,
        Optional<CallArrival> arrival) {

    /** Every default. */
    public static final CallOptions DEFAULT = new CallOptions(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            ClientProfile.NONE,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    /**
     * Checks the range.
     *
     * @throws IllegalArgumentException if the timeout is not between 1 ms and 24 h
     */
    public CallOptions {
        timeout.ifPresent(span -> {
            if (span.compareTo(Duration.ofMillis(1)) < 0 || span.compareTo(Duration.ofHours(24)) > 0) {
                throw new IllegalArgumentException("timeout is " + span + ", must be between PT0.001S and PT24H");
            }
        });
    }

    /**
     * With a deadline.
     *
     * @param value 1 ms to 24 h
     * @return changed options
     */
    public CallOptions withTimeout(Duration value) {
        return new CallOptions(
                Optional.of(value),
                client,
                peer,
                requestId,
                listener,
                profile,
                session,
                trace,
                executor,
                enhance,
                arrival);
    }

    /**
     * With a client name.
     *
     * @param value as claimed
     * @return changed options
     */
    public CallOptions withClient(String value) {
        return new CallOptions(
                timeout,
                Optional.of(value),
                peer,
                requestId,
                listener,
                profile,
                session,
                trace,
                executor,
                enhance,
                arrival);
    }

    /**
     * With what records say of the caller.
     *
     * @param address the address it came from
     * @param id its own id for the request
     * @return changed options
     */
    public CallOptions withOrigin(String address, String id) {
        return new CallOptions(
                timeout,
                client,
                Optional.of(address),
                Optional.of(id),
                listener,
                profile,
                session,
                trace,
                executor,
                enhance,
                arrival);
    }

    /**
     * With a listener. Asks the server for progress, too.
     *
     * @param value hears what happens during the call
     * @return changed options
     */
    public CallOptions withListener(CallListener value) {
        return new CallOptions(
                timeout,
                client,
                peer,
                requestId,
                Optional.of(value),
                profile,
                session,
                trace,
                executor,
                enhance,
                arrival);
    }

    /**
     * With what a server may know of the caller.
     *
     * @param value its capabilities and wishes
     * @return changed options
     */
    public CallOptions withProfile(ClientProfile value) {
        return new CallOptions(
                timeout, client, peer, requestId, listener, value, session, trace, executor, enhance, arrival);
    }

    /**
     * With the client session it belongs to.
     *
     * @param value an opaque name
     * @return changed options
     */
    public CallOptions withSession(String value) {
        return new CallOptions(
                timeout,
                client,
                peer,
                requestId,
                listener,
                profile,
                Optional.of(value),
                trace,
                executor,
                enhance,
                arrival);
    }

    /**
     * With where it stands in a distributed trace.
     *
     * @param value carried to the server, unless the parameters say so themselves
     * @return changed options
     */
    public CallOptions withTrace(TraceContext value) {
        return new CallOptions(
                timeout,
                client,
                peer,
                requestId,
                listener,
                profile,
                session,
                Optional.of(value),
                executor,
                enhance,
                arrival);
    }

    /**
     * With an executor of its own.
     *
     * @param value completes the stage; {@code Runnable::run} completes it on an event loop, where nothing may block
     * @return changed options
     */
    public CallOptions withExecutor(Executor value) {
        return new CallOptions(
                timeout,
                client,
                peer,
                requestId,
                listener,
                profile,
                session,
                trace,
                Optional.of(value),
                enhance,
                arrival);
    }

    /**
     * With or without improvement of the prompts that the server's configuration names.
     *
     * @param value true asks for it, false declines it
     * @return changed options
     */
    public CallOptions withEnhance(boolean value) {
        return new CallOptions(
                timeout,
                client,
                peer,
                requestId,
                listener,
                profile,
                session,
                trace,
                executor,
                Optional.of(value),
                arrival);
    }

    /**
     * The same with a word on how the call came to the hub.
     *
     * @param value how it came
     * @return new options
     */
    public CallOptions withArrival(CallArrival value) {
        return new CallOptions(
                timeout,
                client,
                peer,
                requestId,
                listener,
                profile,
                session,
                trace,
                executor,
                enhance,
                Optional.of(value));
    }
}
