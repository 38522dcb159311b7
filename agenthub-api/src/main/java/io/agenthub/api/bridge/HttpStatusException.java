package io.agenthub.api.bridge;

import io.agenthub.api.AgentHubException;
import io.agenthub.api.ErrorKind;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A server that is reached over HTTP, or something in front of it, answered a call with a status instead of a message. */
public final class HttpStatusException extends AgentHubException {
    private static final long serialVersionUID = 1L;

    /** The status. */
    private final int status;

    /** When to try again, or null. */
    private final @Nullable Duration retryAfter;

    /**
     * Creates the failure.
     *
     * @param kind {@link ErrorKind#BUSY} for 429, else {@link ErrorKind#CHILD_PROTOCOL}
     * @param server the server's name
     * @param status the HTTP status
     * @param problem what it means and, where there is one, the fix; completes "Server 'x' …"
     * @param dispatched false if the status says that the request was refused before anything was done with it
     * @param retryAfter when the server wants to be asked again, or null if it did not say
     */
    public HttpStatusException(
            ErrorKind kind,
            String server,
            int status,
            String problem,
            boolean dispatched,
            @Nullable Duration retryAfter) {
        super(kind, "Server '" + server + "' " + problem, server, dispatched, null);
        this.status = status;
        this.retryAfter = retryAfter;
    }

    /**
     * What was answered.
     *
     * @return the HTTP status, 300 to 599
     */
    public int status() {
        return status;
    }

    @Override
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /**
     * {@inheritDoc}
     *
     * @return true for 429 and 503, unless the request may have run
     */
    @Override
    public boolean retryable() {
        return !dispatched() && (status == 429 || status == 503);
    }
}
