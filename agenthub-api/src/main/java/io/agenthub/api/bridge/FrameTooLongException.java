package io.agenthub.api.bridge;

import io.agenthub.api.AgentHubException;
import io.agenthub.api.ErrorKind;
import org.jspecify.annotations.Nullable;

/** One message was longer than the limit; only its own call fails, the connection lives on. */
public final class FrameTooLongException extends AgentHubException {
    private static final long serialVersionUID = 1L;

    /** The limit. */
    private final long maxFrameBytes;

    /**
     * Creates the failure.
     *
     * @param server the server's name, or null if not known
     * @param maxFrameBytes the limit in bytes
     * @param dispatched true if the answer was too long, false if the request was
     */
    public FrameTooLongException(@Nullable String server, long maxFrameBytes, boolean dispatched) {
        super(
                ErrorKind.FRAME_TOO_LARGE,
                (dispatched ? "The answer of" : "The request to")
                        + (server == null ? " the server" : " server '" + server + "'") + " is longer than "
                        + maxFrameBytes + " bytes; raise maxFrameBytes if that is meant",
                server,
                dispatched,
                null);
        this.maxFrameBytes = maxFrameBytes;
    }

    /**
     * The limit.
     *
     * @return bytes of one message
     */
    public long maxFrameBytes() {
        return maxFrameBytes;
    }
}
