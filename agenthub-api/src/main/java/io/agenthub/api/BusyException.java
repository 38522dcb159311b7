package io.agenthub.api;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A bound was reached and the request was refused at once; nothing of it was sent. */
public final class BusyException extends AgentHubException {
    private static final long serialVersionUID = 1L;

    /** The bound's name. */
    private final String bound;

    /** The bound's value. */
    private final long limit;

    /**
     * Creates the refusal.
     *
     * @param server the server whose bound was reached, or null for a bound of the hub
     * @param bound the bound's name as it stands in the configuration, such as {@code maxInFlight}
     * @param limit the bound's value
     */
    public BusyException(@Nullable String server, String bound, long limit) {
        super(
                ErrorKind.BUSY,
                (server == null ? "The hub" : "Server '" + server + "'") + " is busy: " + bound + " of " + limit
                        + " is reached; try again later or raise " + bound,
                server,
                false,
                null);
        this.bound = bound;
        this.limit = limit;
    }

    /**
     * The bound that was reached.
     *
     * @return its name as it stands in the configuration
     */
    public String bound() {
        return bound;
    }

    /**
     * The value of the bound.
     *
     * @return a count or a number of bytes
     */
    public long limit() {
        return limit;
    }

    @Override
    public Optional<Duration> retryAfter() {
        return Optional.of(Duration.ofSeconds(1));
    }
}
