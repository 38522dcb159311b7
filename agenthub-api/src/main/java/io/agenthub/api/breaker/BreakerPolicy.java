package io.agenthub.api.breaker;

import java.time.Duration;

/**
 * When a breaker opens and closes.
 *
 * @param failures consecutive infrastructure failures that open it, 1 to 1,000; default 3. Zero switches it off. The end of a
 *     process or connection is one failure, however many calls it ends
 * @param openFor how long it stays open before one probe is let through, more than 0, at most 36,500 days; default 30 s
 */
public record BreakerPolicy(int failures, Duration openFor) {
    private static final Duration LONGEST = Duration.ofDays(36_500);

    /** The defaults stated above. */
    public static final BreakerPolicy DEFAULT = new BreakerPolicy(3, Duration.ofSeconds(30));

    /** Never opens. */
    public static final BreakerPolicy OFF = new BreakerPolicy(0, Duration.ofSeconds(30));

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if one is out of range; the message names it
     */
    public BreakerPolicy {
        if (failures < 0 || failures > 1_000) {
            throw new IllegalArgumentException("breaker.failures is " + failures + ", must be between 0 and 1000");
        }
        if (openFor.isNegative() || openFor.isZero() || openFor.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("breaker.openFor is " + openFor + ", must be more than 0 and at most "
                    + LONGEST.toDays() + " days");
        }
    }
}
