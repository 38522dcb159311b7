package io.agenthub.api;

/**
 * What went wrong, in the words a program can act on. The name travels as {@code data.kind} of a JSON-RPC error and in the
 * activity record.
 */
public enum ErrorKind {
    /** The request itself is wrong: malformed, incomplete or contradictory. */
    BAD_REQUEST,
    /**
     * The caller may not do this: foreign {@code Host} or {@code Origin}, a missing or wrong token, or a tool that is blocked.
     */
    FORBIDDEN,
    /** No server has this name. */
    UNKNOWN_SERVER,
    /** The server is not running: stopped, backing off or failed. */
    NOT_READY,
    /** The server did not finish its handshake in time. */
    INIT_TIMEOUT,
    /** The deadline of the call passed. */
    DEADLINE,
    /** The caller withdrew the call. */
    CANCELLED,
    /** A bound was reached: requests in flight, bytes in flight, or a queue. */
    BUSY,
    /** The circuit breaker of the server is open. */
    BREAKER_OPEN,
    /** The server's process or connection ended while the call was pending. */
    CHILD_EXITED,
    /** The server stopped reading its input. */
    CHILD_STALLED,
    /** The server answered with something that is not the protocol. */
    CHILD_PROTOCOL,
    /** One message was longer than the limit. */
    FRAME_TOO_LARGE,
    /** The server's process could not be started, or its connection not opened. */
    SPAWN_FAILED,
    /** The hub is closing or closed. */
    SHUTTING_DOWN,
    /** A configuration cannot be used. */
    BAD_CONFIGURATION,
    /** A fault of the hub or of one of its parts; always worth a bug report. */
    INTERNAL;

    /**
     * Whether the fault lies with the server's process or connection, which is what a breaker counts.
     *
     * @return true for exits, stalls, deadlines, failed starts and protocol garbage
     */
    public boolean isInfrastructureFault() {
        return switch (this) {
            case INIT_TIMEOUT, DEADLINE, CHILD_EXITED, CHILD_STALLED, CHILD_PROTOCOL, SPAWN_FAILED -> true;
            default -> false;
        };
    }
}
