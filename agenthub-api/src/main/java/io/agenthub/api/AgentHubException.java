package io.agenthub.api;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The root of everything the hub itself reports as failed.
 *
 * <p>An error that a server answered is not among them: it is a value, {@link io.agenthub.api.rpc.RpcError}. Programming
 * errors are JDK exceptions.
 *
 * <p>The subtypes carry no stack trace: they are made on event loops, where a trace tells nothing of the caller and costs
 * more than the call.
 */
public abstract class AgentHubException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What went wrong. */
    private final ErrorKind kind;

    /** The server concerned, if any. */
    private final @Nullable String server;

    /** Whether the request may have run. */
    private final boolean dispatched;

    /**
     * Creates an exception without a stack trace.
     *
     * @param kind what went wrong
     * @param message one sentence that names the thing and, where there is one, the fix
     * @param server the server concerned, or null
     * @param dispatched whether the request may have run, see {@link #dispatched()}
     * @param cause what led to it, or null
     */
    protected AgentHubException(
            ErrorKind kind, String message, @Nullable String server, boolean dispatched, @Nullable Throwable cause) {
        super(message, cause, true, false);
        this.kind = kind;
        this.server = server;
        this.dispatched = dispatched;
    }

    /**
     * What went wrong.
     *
     * @return the kind, stable across releases
     */
    public final ErrorKind kind() {
        return kind;
    }

    /**
     * The server concerned.
     *
     * @return its configured name, or empty if no server is involved
     */
    public final Optional<String> server() {
        return Optional.ofNullable(server);
    }

    /**
     * Whether the request may have run. False is a promise that it has not, so that sending it again is safe: not one byte of
     * it reached the server; or a server over HTTP refused it with a redirect or with a status which says that nothing was done
     * with it (400, 401, 403, 404, 405, 406, 407, 413, 415 or 429). True means unknown; the hub never sends such a request
     * again by itself.
     *
     * @return true if the outcome is unknown
     */
    public final boolean dispatched() {
        return dispatched;
    }

    /**
     * Whether the same request may succeed later without a change by anybody.
     *
     * @return true if nothing was dispatched and the cause is temporary
     */
    public boolean retryable() {
        return !dispatched
                && switch (kind) {
                    case NOT_READY,
                            INIT_TIMEOUT,
                            DEADLINE,
                            BUSY,
                            BREAKER_OPEN,
                            CHILD_EXITED,
                            CHILD_STALLED,
                            CHILD_PROTOCOL,
                            SHUTTING_DOWN -> true;
                    default -> false;
                };
    }

    /**
     * When trying again makes sense.
     *
     * @return the time to wait, or empty if it is not known
     */
    public Optional<Duration> retryAfter() {
        return Optional.empty();
    }
}
