package io.agenthub.core.internal.supervise;

import io.agenthub.api.Scheduler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Notices that the machine slept: the wall clock went on, monotonic time stood still, as it does on Linux and macOS. Somebody who sets
 * the clock forward looks the same, and costs a question. Thread-safe.
 */
final class WakeWatch {
    private static final long GAP_MILLIS = Duration.ofSeconds(30).toMillis();

    private final Scheduler scheduler;
    private volatile long offset;

    WakeWatch(Scheduler scheduler) {
        this.scheduler = scheduler;
        this.offset = measure();
    }

    private long measure() {
        return scheduler.now().toEpochMilli() - TimeUnit.NANOSECONDS.toMillis(scheduler.nanoTime());
    }

    /** Whether there was a gap of more than 30 s since {@link #awake()}. */
    boolean slept() {
        long gap = measure() - offset;
        if (gap < 0) {
            // Set back: what comes is measured from there.
            awake();
        }
        return gap > GAP_MILLIS;
    }

    /** From now on. */
    void awake() {
        offset = measure();
    }
}
