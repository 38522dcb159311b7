package io.agenthub.api.server;

/**
 * How many connections to one server there are, and who shares them.
 *
 * @param mode who shares
 * @param max the most connections at a time, 1 to 1,000, the shared one not counted; a call beyond it waits for one to be free
 *     until its deadline, and then fails with {@link io.agenthub.api.BusyException}. A call whose caller was asked something
 *     keeps its connection while the caller thinks; but when others wait for one, only for 20 seconds, after which it fails with
 *     {@link io.agenthub.api.bridge.CallTimeoutException}
 */
public record ProcessPolicy(Mode mode, int max) {

    /** Who shares a connection. */
    public enum Mode {
        /**
         * One connection for all, except that a call which a session-era server may answer with questions to the caller has one
         * of its own while it runs: over stdio such a question names no call, so it is certain whose it is only if there is but
         * one.
         */
        AUTO,
        /** One connection for all. Servers cannot ask callers anything. */
        SHARED,
        /** One connection for each client session. */
        SESSION,
        /** A connection of its own for each call, taken from a pool. */
        POOL
    }

    /** {@link Mode#AUTO} with at most 16 connections. */
    public static final ProcessPolicy DEFAULT = new ProcessPolicy(Mode.AUTO, 16);

    /**
     * Checks the range.
     *
     * @throws IllegalArgumentException if {@code max} is out of range
     */
    public ProcessPolicy {
        if (max < 1 || max > 1_000) {
            throw new IllegalArgumentException("process.max is " + max + ", must be between 1 and 1000");
        }
    }
}
