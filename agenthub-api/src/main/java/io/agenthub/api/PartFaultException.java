package io.agenthub.api;

import org.jspecify.annotations.Nullable;

/** A replaceable part broke its contract: it threw, returned null, or failed with something of its own. */
public final class PartFaultException extends AgentHubException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the failure.
     *
     * @param part what broke, such as {@code bridge of server 'time'}
     * @param server the server concerned, or null
     * @param dispatched whether a byte of the request may have reached the server
     * @param cause what it threw, or null if it returned null
     */
    public PartFaultException(String part, @Nullable String server, boolean dispatched, @Nullable Throwable cause) {
        super(
                ErrorKind.INTERNAL,
                "The " + part + " broke its contract: " + (cause == null ? "it returned null" : cause.toString()),
                server,
                dispatched,
                cause);
    }
}
