package io.agenthub.mcp.internal.http;

import org.jspecify.annotations.Nullable;

/**
 * Why an exchange has no complete answer.
 *
 * @param reason what went wrong
 * @param detail in words that can be shown
 * @param sent whether a byte of the request may have been sent
 * @param cause what led to it, or null
 */
public record HttpFault(
        Reason reason,
        String detail,
        boolean sent,
        @Nullable Throwable cause) {

    /** What went wrong. */
    public enum Reason {
        /** The connection could not be opened, TLS included. */
        UNREACHABLE,
        /** The connection ended before the answer did. */
        BROKEN,
        /** The answer is not HTTP as it should be. */
        GARBAGE,
        /** The pool is closed. */
        CLOSED
    }
}
