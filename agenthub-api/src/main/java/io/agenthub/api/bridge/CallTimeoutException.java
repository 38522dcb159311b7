package io.agenthub.api.bridge;

import io.agenthub.api.AgentHubException;
import io.agenthub.api.ErrorKind;
import java.time.Duration;

/** The deadline of a call passed; the server was told to stop if it had been asked. */
public final class CallTimeoutException extends AgentHubException {
    private static final long serialVersionUID = 1L;

    /** The time it had. */
    private final Duration timeout;

    /**
     * Creates the failure.
     *
     * @param server the server's name
     * @param method the method called
     * @param timeout the time the call had
     * @param dispatched whether a byte of the request may have reached the server
     */
    public CallTimeoutException(String server, String method, Duration timeout, boolean dispatched) {
        super(
                ErrorKind.DEADLINE,
                "Server '" + server + "' did not answer " + method + " within " + timeout.toMillis() + " ms"
                        + (dispatched ? "" : "; the call was not sent"),
                server,
                dispatched,
                null);
        this.timeout = timeout;
    }

    /**
     * The time the call had.
     *
     * @return from acceptance to deadline
     */
    public Duration timeout() {
        return timeout;
    }
}
