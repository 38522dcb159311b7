package io.agenthub.api.breaker;

import io.agenthub.api.AgentHubException;
import io.agenthub.api.ErrorKind;
import java.time.Duration;
import java.util.Optional;

/** The breaker of the server is open; nothing was sent. */
public final class CircuitOpenException extends AgentHubException {
    private static final long serialVersionUID = 1L;

    /** The time until a probe. */
    private final Duration retryAfter;

    /**
     * Creates the refusal.
     *
     * @param server the server guarded
     * @param retryAfter the time until a probe is let through
     */
    public CircuitOpenException(String server, Duration retryAfter) {
        super(
                ErrorKind.BREAKER_OPEN,
                "Server '" + server + "' failed repeatedly; calls are refused for another " + retryAfter.toMillis()
                        + " ms",
                server,
                false,
                null);
        this.retryAfter = retryAfter;
    }

    @Override
    public Optional<Duration> retryAfter() {
        return Optional.of(retryAfter);
    }
}
