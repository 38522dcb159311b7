package io.agenthub.api.hub;

import io.agenthub.api.bridge.ClientProfile;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

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
    public static final CallOptions DEFAULT = builder().build();

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
        return toBuilder().timeout(value).build();
    }

    /**
     * With a client name.
     *
     * @param value as claimed
     * @return changed options
     */
    public CallOptions withClient(String value) {
        return toBuilder().client(value).build();
    }

    /**
     * With what records say of the caller.
     *
     * @param address the address it came from
     * @param id its own id for the request
     * @return changed options
     */
    public CallOptions withOrigin(String address, String id) {
        return toBuilder().peer(address).requestId(id).build();
    }

    /**
     * With a listener. Asks the server for progress, too.
     *
     * @param value hears what happens during the call
     * @return changed options
     */
    public CallOptions withListener(CallListener value) {
        return toBuilder().listener(value).build();
    }

    /**
     * With what a server may know of the caller.
     *
     * @param value its capabilities and wishes
     * @return changed options
     */
    public CallOptions withProfile(ClientProfile value) {
        return toBuilder().profile(value).build();
    }

    /**
     * With the client session it belongs to.
     *
     * @param value an opaque name
     * @return changed options
     */
    public CallOptions withSession(String value) {
        return toBuilder().session(value).build();
    }

    /**
     * With where it stands in a distributed trace.
     *
     * @param value carried to the server, unless the parameters say so themselves
     * @return changed options
     */
    public CallOptions withTrace(TraceContext value) {
        return toBuilder().trace(value).build();
    }

    /**
     * With an executor of its own.
     *
     * @param value completes the stage; {@code Runnable::run} completes it on an event loop, where nothing may block
     * @return changed options
     */
    public CallOptions withExecutor(Executor value) {
        return toBuilder().executor(value).build();
    }

    /**
     * With or without improvement of the prompts that the server's configuration names.
     *
     * @param value true asks for it, false declines it
     * @return changed options
     */
    public CallOptions withEnhance(boolean value) {
        return toBuilder().enhance(value).build();
    }

    /**
     * The same with a word on how the call came to the hub.
     *
     * @param value how it came
     * @return new options
     */
    public CallOptions withArrival(CallArrival value) {
        return toBuilder().arrival(value).build();
    }

    /**
     * Begins options with every default.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Begins options like these.
     *
     * @return a builder with these values
     */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.timeout = timeout;
        builder.client = client;
        builder.peer = peer;
        builder.requestId = requestId;
        builder.listener = listener;
        builder.profile = profile;
        builder.session = session;
        builder.trace = trace;
        builder.executor = executor;
        builder.enhance = enhance;
        builder.arrival = arrival;
        return builder;
    }

    /** Collects {@link CallOptions}; null means the default everywhere. Not thread-safe. */
    public static final class Builder {
        private Optional<Duration> timeout = Optional.empty();
        private Optional<String> client = Optional.empty();
        private Optional<String> peer = Optional.empty();
        private Optional<String> requestId = Optional.empty();
        private Optional<CallListener> listener = Optional.empty();
        private ClientProfile profile = ClientProfile.NONE;
        private Optional<String> session = Optional.empty();
        private Optional<TraceContext> trace = Optional.empty();
        private Optional<Executor> executor = Optional.empty();
        private Optional<Boolean> enhance = Optional.empty();
        private Optional<CallArrival> arrival = Optional.empty();

        private Builder() {}

        /**
         * See {@link CallOptions}.
         *
         * @param value 1 ms to 24 h; null for the default
         * @return this
         */
        public Builder timeout(@Nullable Duration value) {
            timeout = Optional.ofNullable(value);
            return this;
        }

        /**
         * See {@link CallOptions}.
         *
         * @param value as claimed; null for the default
         * @return this
         */
        public Builder client(@Nullable String value) {
            client = Optional.ofNullable(value);
            return this;
        }

        /**
         * See {@link CallOptions}.
         *
         * @param value the address it came from; null for the default
         * @return this
         */
        public Builder peer(@Nullable String value) {
            peer = Optional.ofNullable(value);
            return this;
        }

        /**
         * See {@link CallOptions}.
         *
         * @param value the caller's own id; null for the default
         * @return this
         */
        public Builder requestId(@Nullable String value) {
            requestId = Optional.ofNullable(value);
            return this;
        }

        /**
         * See {@link CallOptions}.
         *
         * @param value hears what happens during the call; null for the default
         * @return this
         */
        public Builder listener(@Nullable CallListener value) {
            listener = Optional.ofNullable(value);
            return this;
        }

        /**
         * See {@link CallOptions}.
         *
         * @param value what a server may know of the caller
         * @return this
         */
        public Builder profile(ClientProfile value) {
            profile = value;
            return this;
        }

        /**
         * See {@link CallOptions}.
         *
         * @param value an opaque name; null for the default
         * @return this
         */
        public Builder session(@Nullable String value) {
            session = Optional.ofNullable(value);
            return this;
        }

        /**
         * See {@link CallOptions}.
         *
         * @param value where the call stands in a distributed trace; null for the default
         * @return this
         */
        public Builder trace(@Nullable TraceContext value) {
            trace = Optional.ofNullable(value);
            return this;
        }

        /**
         * See {@link CallOptions}.
         *
         * @param value completes the stage; null for the default
         * @return this
         */
        public Builder executor(@Nullable Executor value) {
            executor = Optional.ofNullable(value);
            return this;
        }

        /**
         * See {@link CallOptions}.
         *
         * @param value true asks for improvement of prompts, false declines it; null for the default
         * @return this
         */
        public Builder enhance(@Nullable Boolean value) {
            enhance = Optional.ofNullable(value);
            return this;
        }

        /**
         * See {@link CallOptions}.
         *
         * @param value how it came to the hub; null for the default
         * @return this
         */
        public Builder arrival(@Nullable CallArrival value) {
            arrival = Optional.ofNullable(value);
            return this;
        }

        /**
         * Builds them.
         *
         * @return the options
         * @throws IllegalArgumentException if the timeout is not between 1 ms and 24 h
         */
        public CallOptions build() {
            return new CallOptions(
                    timeout, client, peer, requestId, listener, profile, session, trace, executor, enhance, arrival);
        }
    }
}
