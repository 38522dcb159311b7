package io.agenthub.api.server;

import java.time.Duration;

/**
 * How a server that ended by itself is brought back: exponential backoff with jitter, and a budget.
 *
 * @param initialDelay before the first restart; default 250 ms
 * @param maxDelay the longest delay; default 30 s
 * @param multiplier from one delay to the next, 1 to 10; default 2
 * @param jitter each delay varies by up to this share, 0 to 1; default 0.2
 * @param maxExits more exits than this within the window and the server is {@link ServerState#FAILED}; default 5
 * @param window over which exits are counted, and after which a healthy run forgives them; default 60 s
 * @param probeInterval how often a failed server is tried once; zero means never; default 5 min
 */
public record RestartPolicy(
        Duration initialDelay,
        Duration maxDelay,
        double multiplier,
        double jitter,
        int maxExits,
        Duration window,
        Duration probeInterval) {

    /** The defaults stated above. */
    public static final RestartPolicy DEFAULT = new RestartPolicy(
            Duration.ofMillis(250), Duration.ofSeconds(30), 2.0, 0.2, 5, Duration.ofSeconds(60), Duration.ofMinutes(5));

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if one is out of range; the message names it
     */
    public RestartPolicy {
        require(!initialDelay.isNegative(), "initialDelay", initialDelay, "0 or more");
        require(maxDelay.compareTo(initialDelay) >= 0, "maxDelay", maxDelay, "at least initialDelay");
        require(multiplier >= 1 && multiplier <= 10, "multiplier", multiplier, "between 1 and 10");
        require(jitter >= 0 && jitter <= 1, "jitter", jitter, "between 0 and 1");
        require(maxExits >= 0, "maxExits", maxExits, "0 or more");
        require(!window.isNegative() && !window.isZero(), "window", window, "more than 0");
        require(!probeInterval.isNegative(), "probeInterval", probeInterval, "0 or more");
    }

    private static void require(boolean holds, String name, Object value, String bound) {
        if (!holds) {
            throw new IllegalArgumentException("restart." + name + " is " + value + ", must be " + bound);
        }
    }

    /**
     * The delay before an attempt, without jitter.
     *
     * @param attempt 1 for the first restart after a healthy run
     * @return between {@link #initialDelay()} and {@link #maxDelay()}
     */
    public Duration delay(int attempt) {
        double millis = initialDelay.toMillis() * Math.pow(multiplier, Math.max(0, attempt - 1));
        return millis >= maxDelay.toMillis() ? maxDelay : Duration.ofMillis((long) millis);
    }
}
