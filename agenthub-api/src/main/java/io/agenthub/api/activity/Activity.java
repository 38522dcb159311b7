package io.agenthub.api.activity;

import io.agenthub.api.breaker.BreakerState;
import io.agenthub.api.rpc.JsonText;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * One thing that happened. Immutable.
 *
 * <p>Made once per call on the hot path, so it holds its parts bare and wraps them only when they are read. Names and ids
 * longer than {@value #MAX_NAME_LENGTH} characters and details longer than {@value #MAX_DETAIL_LENGTH} are cut, since whoever
 * calls chooses them. Bodies are carried as they came and never appear in {@link #toString()}; whether any of a body is kept
 * is for the store to decide.
 */
public final class Activity {
    /** The {@link #outcome()} of a success. */
    public static final String OK = "OK";

    /** The {@link #outcome()} of an error that the server itself answered. */
    public static final String ERROR = "ERROR";

    /** The most characters a name, address or id keeps. */
    public static final int MAX_NAME_LENGTH = 256;

    /** The most characters a detail keeps. */
    public static final int MAX_DETAIL_LENGTH = 1_024;

    private final long sequence;
    private final Kind kind;
    private final Instant at;
    private final @Nullable String client;
    private final @Nullable String peer;
    private final @Nullable String server;
    private final @Nullable String method;
    private final @Nullable String tool;
    private final @Nullable String era;
    private final String outcome;
    private final int httpStatus;
    private final long durationNanos;
    private final long bytesIn;
    private final long bytesOut;
    private final @Nullable String requestId;
    private final @Nullable String requestHash;
    private final @Nullable BreakerState breaker;
    private final @Nullable String detail;
    private final @Nullable JsonText request;
    private final @Nullable JsonText response;

    private Activity(Builder builder) {
        this.sequence = builder.sequence;
        this.kind = builder.kind;
        this.at = builder.at;
        this.client = builder.client;
        this.peer = builder.peer;
        this.server = builder.server;
        this.method = builder.method;
        this.tool = builder.tool;
        this.era = builder.era;
        this.outcome = builder.outcome;
        this.httpStatus = builder.httpStatus;
        this.durationNanos = builder.durationNanos;
        this.bytesIn = builder.bytesIn;
        this.bytesOut = builder.bytesOut;
        this.requestId = builder.requestId;
        this.requestHash = builder.requestHash;
        this.breaker = builder.breaker;
        this.detail = builder.detail;
        this.request = builder.request;
        this.response = builder.response;
    }

    /**
     * Begins an activity.
     *
     * @param kind what sort of thing it is
     * @param at when it ended
     * @return a builder whose outcome is {@link #OK} and whose every other part is absent or 0
     */
    public static Builder builder(Kind kind, Instant at) {
        return new Builder(kind, at);
    }

    /**
     * Begins an activity like this one.
     *
     * @return a builder with these values
     */
    public Builder toBuilder() {
        Builder builder = new Builder(kind, at);
        builder.sequence = sequence;
        builder.client = client;
        builder.peer = peer;
        builder.server = server;
        builder.method = method;
        builder.tool = tool;
        builder.era = era;
        builder.outcome = outcome;
        builder.httpStatus = httpStatus;
        builder.durationNanos = durationNanos;
        builder.bytesIn = bytesIn;
        builder.bytesOut = bytesOut;
        builder.requestId = requestId;
        builder.requestHash = requestHash;
        builder.breaker = breaker;
        builder.detail = detail;
        builder.request = request;
        builder.response = response;
        return builder;
    }

    /**
     * Its place in the order of acceptance.
     *
     * @return from 1; 0 before a store accepted it
     */
    public long sequence() {
        return sequence;
    }

    /**
     * What sort of thing it is.
     *
     * @return the kind
     */
    public Kind kind() {
        return kind;
    }

    /**
     * When it ended.
     *
     * @return an instant, UTC; stores keep it to the microsecond
     */
    public Instant at() {
        return at;
    }

    /**
     * Who asked, as claimed; never an identity.
     *
     * @return the client's name for itself
     */
    public Optional<String> client() {
        return Optional.ofNullable(client);
    }

    /**
     * Where it came from.
     *
     * @return an address, without a port
     */
    public Optional<String> peer() {
        return Optional.ofNullable(peer);
    }

    /**
     * The MCP server concerned.
     *
     * @return its configured name
     */
    public Optional<String> server() {
        return Optional.ofNullable(server);
    }

    /**
     * What was asked.
     *
     * @return the MCP method, or the name of the event
     */
    public Optional<String> method() {
        return Optional.ofNullable(method);
    }

    /**
     * The tool called.
     *
     * @return its name, for {@code tools/call}
     */
    public Optional<String> tool() {
        return Optional.ofNullable(tool);
    }

    /**
     * The protocol era of the caller.
     *
     * @return {@code legacy}, {@code modern}, or empty for calls that came by no MCP endpoint
     */
    public Optional<String> era() {
        return Optional.ofNullable(era);
    }

    /**
     * How it ended.
     *
     * @return {@link #OK}, {@link #ERROR}, or the name of an {@link io.agenthub.api.ErrorKind}; for events a word of their own
     */
    public String outcome() {
        return outcome;
    }

    /**
     * The status answered.
     *
     * @return the status, if it came by HTTP
     */
    public OptionalInt httpStatus() {
        return httpStatus == 0 ? OptionalInt.empty() : OptionalInt.of(httpStatus);
    }

    /**
     * From acceptance to end.
     *
     * @return zero or more
     */
    public Duration duration() {
        return Duration.ofNanos(durationNanos);
    }

    /**
     * The size of the parameters.
     *
     * @return bytes
     */
    public long bytesIn() {
        return bytesIn;
    }

    /**
     * The size of the result or error.
     *
     * @return bytes
     */
    public long bytesOut() {
        return bytesOut;
    }

    /**
     * The caller's id as written.
     *
     * @return a JSON number or string literal
     */
    public Optional<String> requestId() {
        return Optional.ofNullable(requestId);
    }

    /**
     * What recognises equal requests without telling what was in them: a hash of {@link #request()} as it came, with a key of
     * this installation. It is no evidence of what a request was for whoever has that key.
     *
     * @return 32 hexadecimal digits, if a store made one; it does not need to keep the request for that
     */
    public Optional<String> requestHash() {
        return Optional.ofNullable(requestHash);
    }

    /**
     * How the server's breaker stood when the call was accepted, or stands after the event.
     *
     * @return the state, if a breaker was involved
     */
    public Optional<BreakerState> breaker() {
        return Optional.ofNullable(breaker);
    }

    /**
     * More, for people.
     *
     * @return one sentence
     */
    public Optional<String> detail() {
        return Optional.ofNullable(detail);
    }

    /**
     * What was sent to the server: the parameters.
     *
     * @return as it came before a store accepted it; read from a store, what its {@link Redaction} left, if it keeps bodies
     */
    public Optional<JsonText> request() {
        return Optional.ofNullable(request);
    }

    /**
     * What the server answered: the result or the error.
     *
     * @return as it came before a store accepted it; read from a store, what its {@link Redaction} left, if it keeps bodies
     */
    public Optional<JsonText> response() {
        return Optional.ofNullable(response);
    }

    /**
     * The activity for programs.
     *
     * @return an object on one line, with a member for each part that is present and the duration as {@code durationMs}
     */
    public JsonText toJson() {
        return ActivityJson.activity(this);
    }

    /**
     * Whether the same was asked of the same by the same, and ended in the same way. Few of the activities of a record differ in more
     * than what is left out of this, so a store may keep what they agree in once.
     *
     * @param other another activity
     * @return whether they differ at most in sequence, time, duration, bytes, and identifier, hash and bodies of the request
     */
    public boolean isAlike(Activity other) {
        return kind == other.kind
                && httpStatus == other.httpStatus
                && breaker == other.breaker
                && outcome.equals(other.outcome)
                && Objects.equals(client, other.client)
                && Objects.equals(peer, other.peer)
                && Objects.equals(server, other.server)
                && Objects.equals(method, other.method)
                && Objects.equals(tool, other.tool)
                && Objects.equals(era, other.era)
                && Objects.equals(detail, other.detail);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Activity that
                && isAlike(that)
                && sequence == that.sequence
                && at.equals(that.at)
                && durationNanos == that.durationNanos
                && bytesIn == that.bytesIn
                && bytesOut == that.bytesOut
                && Objects.equals(requestId, that.requestId)
                && Objects.equals(requestHash, that.requestHash)
                && Objects.equals(request, that.request)
                && Objects.equals(response, that.response);
    }

    @Override
    public int hashCode() {
        return Objects.hash(sequence, at, kind, server, method, tool, outcome, durationNanos);
    }

    /** Its metadata, without detail and bodies. */
    @Override
    public String toString() {
        return "Activity " + sequence + " " + at + " " + kind + " " + outcome + " server=" + server + " method="
                + method + " tool=" + tool + " client=" + client;
    }

    /** What sort of thing happened. */
    public enum Kind {
        /** A request or notification to a server. */
        CALL,
        /** A server changed its state. */
        SERVER,
        /** A breaker changed its state. */
        BREAKER,
        /** A prompt was enhanced. */
        ENHANCEMENT,
        /** Records were lost; the detail says how many. */
        GAP,
        /** A limit of the hub's monitor was passed, or is kept again; the detail says which. */
        ALERT
    }

    /** Collects the parts of an activity; each setter replaces what was set before. Not thread-safe. */
    public static final class Builder {
        private final Kind kind;
        private final Instant at;
        private long sequence;
        private @Nullable String client;
        private @Nullable String peer;
        private @Nullable String server;
        private @Nullable String method;
        private @Nullable String tool;
        private @Nullable String era;
        private String outcome = OK;
        private int httpStatus;
        private long durationNanos;
        private long bytesIn;
        private long bytesOut;
        private @Nullable String requestId;
        private @Nullable String requestHash;
        private @Nullable BreakerState breaker;
        private @Nullable String detail;
        private @Nullable JsonText request;
        private @Nullable JsonText response;

        private Builder(Kind kind, Instant at) {
            this.kind = Objects.requireNonNull(kind);
            this.at = Objects.requireNonNull(at);
        }

        /**
         * Its place in the order of acceptance; for stores.
         *
         * @param value from 1; default 0, not accepted yet
         * @return this
         */
        public Builder sequence(long value) {
            this.sequence = value;
            return this;
        }

        /**
         * Who asked, as claimed.
         *
         * @param value the client's name for itself, or null
         * @return this
         */
        public Builder client(@Nullable String value) {
            this.client = cut(value, MAX_NAME_LENGTH);
            return this;
        }

        /**
         * Where it came from.
         *
         * @param value an address without a port, or null
         * @return this
         */
        public Builder peer(@Nullable String value) {
            this.peer = cut(value, MAX_NAME_LENGTH);
            return this;
        }

        /**
         * The MCP server concerned.
         *
         * @param value its configured name, or null
         * @return this
         */
        public Builder server(@Nullable String value) {
            this.server = cut(value, MAX_NAME_LENGTH);
            return this;
        }

        /**
         * What was asked.
         *
         * @param value the MCP method, the name of the event, or null
         * @return this
         */
        public Builder method(@Nullable String value) {
            this.method = cut(value, MAX_NAME_LENGTH);
            return this;
        }

        /**
         * The tool called.
         *
         * @param value its name, or null
         * @return this
         */
        public Builder tool(@Nullable String value) {
            this.tool = cut(value, MAX_NAME_LENGTH);
            return this;
        }

        /**
         * The protocol era of the caller.
         *
         * @param value {@code legacy}, {@code modern}, or null
         * @return this
         */
        public Builder era(@Nullable String value) {
            this.era = cut(value, MAX_NAME_LENGTH);
            return this;
        }

        /**
         * How it ended.
         *
         * @param value {@link Activity#OK}, {@link Activity#ERROR}, the name of an {@link io.agenthub.api.ErrorKind}, or for
         *     events a word of their own
         * @return this
         */
        public Builder outcome(String value) {
            String checked = cut(Objects.requireNonNull(value), MAX_NAME_LENGTH);
            this.outcome = checked == null ? OK : checked;
            return this;
        }

        /**
         * The status answered.
         *
         * @param value an HTTP status, or 0 if it came another way
         * @return this
         * @throws IllegalArgumentException if it is neither 0 nor between 100 and 999
         */
        public Builder httpStatus(int value) {
            if (value != 0 && (value < 100 || value > 999)) {
                throw new IllegalArgumentException("httpStatus is " + value + ", must be 0 or between 100 and 999");
            }
            this.httpStatus = value;
            return this;
        }

        /**
         * From acceptance to end.
         *
         * @param value zero or more
         * @return this
         */
        public Builder duration(Duration value) {
            return durationNanos(value.toNanos());
        }

        /**
         * From acceptance to end, without the object.
         *
         * @param value nanoseconds; less than 0 counts as 0
         * @return this
         */
        public Builder durationNanos(long value) {
            this.durationNanos = Math.max(0, value);
            return this;
        }

        /**
         * The sizes of parameters and outcome.
         *
         * @param in bytes of the parameters; less than 0 counts as 0
         * @param out bytes of the result or error; less than 0 counts as 0
         * @return this
         */
        public Builder bytes(long in, long out) {
            this.bytesIn = Math.max(0, in);
            this.bytesOut = Math.max(0, out);
            return this;
        }

        /**
         * The caller's id as written.
         *
         * @param value a JSON number or string literal, or null
         * @return this
         */
        public Builder requestId(@Nullable String value) {
            this.requestId = cut(value, MAX_NAME_LENGTH);
            return this;
        }

        /**
         * What recognises equal requests; for stores.
         *
         * @param value hexadecimal digits, or null
         * @return this
         */
        public Builder requestHash(@Nullable String value) {
            this.requestHash = cut(value, MAX_NAME_LENGTH);
            return this;
        }

        /**
         * How the breaker stands.
         *
         * @param value its state, or null
         * @return this
         */
        public Builder breaker(@Nullable BreakerState value) {
            this.breaker = value;
            return this;
        }

        /**
         * More, for people.
         *
         * @param value one sentence, or null
         * @return this
         */
        public Builder detail(@Nullable String value) {
            this.detail = cut(value, MAX_DETAIL_LENGTH);
            return this;
        }

        /**
         * What was sent; a store that keeps bodies keeps what its redaction leaves of it.
         *
         * @param value the parameters, not copied, or null
         * @return this
         */
        public Builder request(@Nullable JsonText value) {
            this.request = value;
            return this;
        }

        /**
         * What was answered; a store that keeps bodies keeps what its redaction leaves of it.
         *
         * @param value the result or error, not copied, or null
         * @return this
         */
        public Builder response(@Nullable JsonText value) {
            this.response = value;
            return this;
        }

        /**
         * Finishes.
         *
         * @return the activity
         */
        public Activity build() {
            return new Activity(this);
        }

        private static @Nullable String cut(@Nullable String value, int length) {
            if (value == null || value.length() <= length) {
                return value;
            }
            boolean splitsPair = Character.isHighSurrogate(value.charAt(length - 2));
            return value.substring(0, length - (splitsPair ? 2 : 1)) + '…';
        }
    }
}
