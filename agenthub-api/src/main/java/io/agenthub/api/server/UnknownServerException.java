package io.agenthub.api.server;

import io.agenthub.api.AgentHubException;
import io.agenthub.api.ErrorKind;
import java.util.Collection;
import java.util.List;

/** No server has this name. */
public final class UnknownServerException extends AgentHubException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the refusal.
     *
     * @param server the name asked for
     * @param known the names there are
     */
    public UnknownServerException(String server, Collection<String> known) {
        super(
                ErrorKind.UNKNOWN_SERVER,
                "No server '" + server + "'; known: "
                        + (known.isEmpty() ? "none" : String.join(", ", List.copyOf(known))),
                server,
                false,
                null);
    }
}
