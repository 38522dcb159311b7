package io.agenthub.bench.load.http;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** When the calls of an open loop are due: at even distances, fixed before the first is sent. Not thread-safe. */
final class OpenSchedule {
    private static final double SECOND = TimeUnit.SECONDS.toNanos(1);

    private final double rate;
    private final long begun;
    private final long total;
    private long taken;

    /**
     * Creates a schedule.
     *
     * @param rate calls per second
     * @param span how long
     * @param begun when the first call is due, in nanoseconds
     */
    OpenSchedule(double rate, Duration span, long begun) {
        this.rate = rate;
        this.begun = begun;
        this.total = Math.max(1, Math.round(rate * span.toNanos() / SECOND));
    }

    /** When the next call is due; only while {@link #hasNext()}. */
    long due() {
        return begun + (long) (taken * SECOND / rate);
    }

    boolean hasNext() {
        return taken < total;
    }

    boolean isDue(long now) {
        return hasNext() && due() - now <= 0;
    }

    /** Takes the next call out; when it was due. */
    long take() {
        long due = due();
        taken++;
        return due;
    }

    long total() {
        return total;
    }
}
