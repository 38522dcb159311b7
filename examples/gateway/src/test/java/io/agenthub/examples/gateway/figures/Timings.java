package io.agenthub.examples.gateway.figures;

import java.util.Arrays;
import java.util.Locale;

/** Durations, collected by any thread. */
final class Timings {
    private long[] nanos = new long[1_024];
    private int count;

    synchronized void add(long duration) {
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, count * 2);
        }
        nanos[count++] = duration;
    }

    synchronized int count() {
        return count;
    }

    /** In milliseconds; zero if there is none. */
    synchronized double percentile(double share) {
        if (count == 0) {
            return 0;
        }
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        int rank = (int) Math.ceil(share * count);
        return sorted[Math.max(0, Math.min(count, rank) - 1)] / 1e6;
    }

    double p99() {
        return percentile(0.99);
    }

    double max() {
        return percentile(1);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "p50/p99/max %.1f/%.1f/%.1f ms", percentile(0.5), p99(), max());
    }
}
