package io.agenthub.api.bridge;

import io.agenthub.api.AgentHubException;
import io.agenthub.api.ErrorKind;
import org.jspecify.annotations.Nullable;

/** The server said something during a call that its revision of MCP forbids; the call cannot be completed. */
public final class ProtocolViolationException extends AgentHubException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the failure.
     *
     * @param server the server's name, or null if not known
     * @param what what it did, completing "Server 'x' …"
     */
    public ProtocolViolationException(@Nullable String server, String what) {
        super(
                ErrorKind.CHILD_PROTOCOL,
                (server == null ? "The server" : "Server '" + server + "'") + " " + what,
                server,
                true,
                null);
    }
}
