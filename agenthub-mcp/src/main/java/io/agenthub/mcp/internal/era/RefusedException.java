package io.agenthub.mcp.internal.era;

/** A server said something in its handshake that cannot be worked with. The message completes "Server 'x' …". */
public final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    RefusedException(String message) {
        super(message);
    }
}
