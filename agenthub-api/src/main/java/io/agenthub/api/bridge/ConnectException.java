package io.agenthub.api.bridge;

import io.agenthub.api.AgentHubException;
import io.agenthub.api.ErrorKind;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A server could not be started or reached, or did not complete its handshake. */
public final class ConnectException extends AgentHubException {
    private static final long serialVersionUID = 1L;

    /** How the attempt ended. */
    private final transient @Nullable BridgeExit exit;

    /**
     * Creates the failure.
     *
     * @param kind {@link ErrorKind#SPAWN_FAILED}, {@link ErrorKind#INIT_TIMEOUT}, {@link ErrorKind#CHILD_EXITED} or {@link
     *     ErrorKind#CHILD_PROTOCOL}
     * @param server the server's name
     * @param message one sentence that names the cause and, where there is one, the fix
     * @param exit how the process ended, or null if none was started
     * @param cause what led to it, or null
     */
    public ConnectException(
            ErrorKind kind, String server, String message, @Nullable BridgeExit exit, @Nullable Throwable cause) {
        super(kind, message, server, false, cause);
        this.exit = exit;
    }

    /**
     * How the attempt's process ended.
     *
     * @return the exit, or empty if there was no process
     */
    public Optional<BridgeExit> exit() {
        return Optional.ofNullable(exit);
    }
}
