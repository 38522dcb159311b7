package io.agenthub.api.monitor;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How long calls took, as a histogram with fixed bounds: 25 µs, and each bound twice the one before, up to 52 s.
 *
 * @param counts calls in each bucket, as many as {@link #BOUNDS} and one more for those beyond the last bound
 * @param total the time of all calls together
 */
public record Latency(List<Long> counts, Duration total) {

    /** The longest time that falls into each bucket, ascending. */
    public static final List<Duration> BOUNDS =
            IntStream.range(0, 22).mapToObj(i -> Duration.ofNanos(25_000L << i)).toList();

    /** Of no call. */
    public static final Latency NONE = new Latency(
            IntStream.rangeClosed(0, BOUNDS.size()).mapToObj(i -> 0L).toList(), Duration.ZERO);

    /**
     * Copies and checks.
     *
     * @throws IllegalArgumentException if there are more or fewer counts than buckets
     */
    public Latency {
        counts = List.copyOf(counts);
        if (counts.size() != BOUNDS.size() + 1) {
            throw new IllegalArgumentException(counts.size() + " counts, must be " + (BOUNDS.size() + 1));
        }
    }

    /**
     * All calls.
     *
     * @return the sum of all buckets
     */
    public long count() {
        return counts.stream().mapToLong(Long::longValue).sum();
    }

    /**
     * The time that a part of the calls did not exceed, estimated within its bucket by a straight line.
     *
     * @param part 0 to 1, such as 0.95
     * @return the time; zero if there were no calls, the last bound if it lies beyond
     * @throws IllegalArgumentException if the part is out of range
     */
    public Duration quantile(double part) {
        if (!(part >= 0 && part <= 1)) {
            throw new IllegalArgumentException("part is " + part + ", must be between 0 and 1");
        }
        double rank = part * count();
        double passed = 0;
        for (int i = 0; i < BOUNDS.size(); i++) {
            long inside = counts.get(i);
            if (inside > 0 && passed + inside >= rank) {
                double from = i == 0 ? 0 : BOUNDS.get(i - 1).toNanos();
                double width = BOUNDS.get(i).toNanos() - from;
                return Duration.ofNanos(Math.round(from + width * Math.max(0, rank - passed) / inside));
            }
            passed += inside;
        }
        return count() == 0 ? Duration.ZERO : BOUNDS.get(BOUNDS.size() - 1);
    }
}
