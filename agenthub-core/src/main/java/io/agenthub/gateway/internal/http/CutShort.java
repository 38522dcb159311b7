package io.agenthub.gateway.internal.http;

import io.agenthub.api.AgentHubException;
import io.agenthub.api.ErrorKind;
import org.jspecify.annotations.Nullable;

/** A request that was still being answered when the time to drain was over. */
public final class CutShort extends AgentHubException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the failure.
     *
     * @param server the server that was to answer; null or empty if that is none in particular
     * @param dispatched whether a byte of the request may have reached it
     */
    public CutShort(@Nullable String server, boolean dispatched) {
        super(
                ErrorKind.SHUTTING_DOWN,
                "The gateway is closing; the call " + (dispatched ? "may have run" : "was not sent"),
                server == null || server.isEmpty() ? null : server,
                dispatched,
                null);
    }
}
