package io.agenthub.api.breaker;

/** The circuit breaker of one server, as seen from outside. Thread-safe; never blocks. */
public interface Breaker {

    /**
     * Where it stands.
     *
     * @return a snapshot
     */
    BreakerStatus status();

    /** Closes it and forgets what it has counted. */
    void reset();
}
