package io.agenthub.store;

import java.time.Duration;

/**
 * Durations in classes of growing width: to the microsecond below 16, then 16 classes to each doubling, so that the middle
 * of a class is at most 3.2 % from anything in it.
 */
final class Latencies {
    private static final int EXACT = 16;
    /** How many classes there are. */
    static final int CLASSES = classOf(Long.MAX_VALUE) + 1;

    private Latencies() {}

    static int classOf(long nanos) {
        // Who changes a record can make a duration of anything.
        long micros = Math.max(0, nanos) / 1_000;
        if (micros < EXACT) {
            return (int) micros;
        }
        int doublings = 63 - Long.numberOfLeadingZeros(micros) - 4;
        return EXACT * (doublings + 1) + (int) (micros >> doublings) - EXACT;
    }

    static Duration middle(int latencyClass) {
        if (latencyClass < EXACT) {
            return Duration.ofNanos(latencyClass == 0 ? 0 : latencyClass * 1_000L + 500);
        }
        int doublings = Math.min(latencyClass / EXACT - 1, 48);
        long least = (EXACT + latencyClass % (long) EXACT) << doublings;
        long width = 1L << doublings;
        return Duration.ofNanos((least * 2 + width) * 500);
    }
}
