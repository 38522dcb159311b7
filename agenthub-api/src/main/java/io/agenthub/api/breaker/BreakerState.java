package io.agenthub.api.breaker;

/** Where a breaker stands. */
public enum BreakerState {
    /** Calls pass. */
    CLOSED,
    /** Calls are refused. */
    OPEN,
    /** One call passes as a probe; the others are refused. */
    HALF_OPEN
}
