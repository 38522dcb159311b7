package io.agenthub.ollama.internal.http;

import org.jspecify.annotations.Nullable;

/** Why an exchange has no complete answer. Carries no stack trace: it is made on an event loop. */
public final class HttpFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What went wrong. */
    public enum Reason {
        /** The connection could not be opened. */
        UNREACHABLE,
        /** The connection ended before the answer did. */
        CLOSED,
        /** The answer is not HTTP as it should be. */
        GARBAGE,
        /** The deadline passed. */
        TIMEOUT,
        /** The pool is closed. */
        SHUT_DOWN
    }

    /** What went wrong. */
    private final Reason reason;

    /** Whether a byte of the request may have been sent. */
    private final boolean dispatched;

    HttpFailure(Reason reason, String message, boolean dispatched, @Nullable Throwable cause) {
        super(message, cause, false, false);
        this.reason = reason;
        this.dispatched = dispatched;
    }

    /**
     * What went wrong.
     *
     * @return the reason
     */
    public Reason reason() {
        return reason;
    }

    /**
     * Whether a byte of the request may have been sent.
     *
     * @return false if certainly not
     */
    public boolean dispatched() {
        return dispatched;
    }
}
