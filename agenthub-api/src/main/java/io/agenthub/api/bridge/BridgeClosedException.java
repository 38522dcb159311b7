package io.agenthub.api.bridge;

import io.agenthub.api.AgentHubException;
import org.jspecify.annotations.Nullable;

/** The connection ended before the call did. */
public final class BridgeClosedException extends AgentHubException {
    private static final long serialVersionUID = 1L;

    /** How it ended. */
    private final transient BridgeExit exit;

    /**
     * Creates the failure.
     *
     * @param server the server's name, or null if not known
     * @param exit how the connection ended
     * @param dispatched whether a byte of the request may have reached the server
     */
    public BridgeClosedException(@Nullable String server, BridgeExit exit, boolean dispatched) {
        super(
                exit.cause().kind(),
                (server == null ? "The server" : "Server '" + server + "'") + " ended: " + exit.detail()
                        + (dispatched ? "; the call may have run" : "; the call was not sent"),
                server,
                dispatched,
                null);
        this.exit = exit;
    }

    /**
     * How the connection ended.
     *
     * @return the exit
     */
    public BridgeExit exit() {
        return exit;
    }
}
