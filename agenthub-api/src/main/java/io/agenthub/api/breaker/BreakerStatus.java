package io.agenthub.api.breaker;

import java.time.Duration;
import java.util.Optional;

/**
 * A snapshot of one breaker.
 *
 * @param name the server it guards
 * @param state where it stands
 * @param recentFailures failures among the calls it remembers
 * @param refused calls it refused since the hub started
 * @param retryAfter the time until a probe is let through, while it is open
 */
public record BreakerStatus(
        String name, BreakerState state, int recentFailures, long refused, Optional<Duration> retryAfter) {}
