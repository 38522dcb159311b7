package io.agenthub.ollama.internal.http;

import java.time.Duration;

/**
 * The bounds of a pool.
 *
 * @param maxConnections connections at once, 1 to 1,024
 * @param maxQueued requests waiting for a connection, 0 to 65,536; one more is refused
 * @param idleTimeout how long an unused connection is kept
 */
public record HttpLimits(int maxConnections, int maxQueued, Duration idleTimeout) {

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if one is out of range; the message names it
     */
    public HttpLimits {
        if (maxConnections < 1 || maxConnections > 1_024) {
            throw new IllegalArgumentException("maxConnections is " + maxConnections + ", must be between 1 and 1024");
        }
        if (maxQueued < 0 || maxQueued > 65_536) {
            throw new IllegalArgumentException("maxQueued is " + maxQueued + ", must be between 0 and 65536");
        }
        if (idleTimeout.isNegative()) {
            throw new IllegalArgumentException("idleTimeout is " + idleTimeout + ", must not be negative");
        }
    }
}
