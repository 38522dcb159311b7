package io.agenthub.api.activity;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How much a store keeps. What exceeds either bound is removed, oldest first.
 *
 * @param age the oldest activity kept; empty means any age
 * @param bytes the most bytes kept, counted as the store counts them; empty means any number
 */
public record Retention(Optional<Duration> age, OptionalLong bytes) {
    /** The default: 30 days and 256 MiB. */
    public static final Retention DEFAULT =
            new Retention(Optional.of(Duration.ofDays(30)), OptionalLong.of(256L * 1_024 * 1_024));

    /** Keeps everything. */
    public static final Retention FOREVER = new Retention(Optional.empty(), OptionalLong.empty());

    /**
     * Checks the bounds.
     *
     * @throws IllegalArgumentException if one is negative
     */
    public Retention {
        if (age.filter(Duration::isNegative).isPresent()) {
            throw new IllegalArgumentException("retention age is " + age.get() + ", must be 0 or more");
        }
        if (bytes.orElse(0) < 0) {
            throw new IllegalArgumentException("retention bytes is " + bytes.getAsLong() + ", must be 0 or more");
        }
    }

    /**
     * A bound on age alone.
     *
     * @param age the oldest activity kept
     * @return the retention
     */
    public static Retention ofAge(Duration age) {
        return new Retention(Optional.of(age), OptionalLong.empty());
    }

    /**
     * A bound on size alone.
     *
     * @param bytes the most bytes kept
     * @return the retention
     */
    public static Retention ofBytes(long bytes) {
        return new Retention(Optional.empty(), OptionalLong.of(bytes));
    }
}
