package io.agenthub.api.server;

import io.agenthub.api.AgentHubException;
import io.agenthub.api.ErrorKind;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The server is not running and the call does not wait for it; nothing was sent. */
public final class ServerNotReadyException extends AgentHubException {
    private static final long serialVersionUID = 1L;

    /** Its state. */
    private final ServerState state;

    /** When it may be ready. */
    private final @Nullable Duration retryAfter;

    /**
     * Creates the refusal.
     *
     * @param server its name
     * @param state where it stands
     * @param why one clause for people, such as the last error
     * @param retryAfter when trying again makes sense, or null if a person has to act first
     */
    public ServerNotReadyException(String server, ServerState state, String why, @Nullable Duration retryAfter) {
        super(ErrorKind.NOT_READY, "Server '" + server + "' is " + state + ": " + why, server, false, null);
        this.state = state;
        this.retryAfter = retryAfter;
    }

    /**
     * Where the server stands.
     *
     * @return its state when the call was refused
     */
    public ServerState state() {
        return state;
    }

    @Override
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
