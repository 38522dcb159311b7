package io.agenthub.api;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * The hub's only source of time: a clock that never goes back, the wall clock for records, and delayed tasks.
 *
 * <p>Everything that waits or measures goes through it, so that a test or a simulation can run the same code on virtual
 * time.
 */
public interface Scheduler {

    /**
     * Monotonic time.
     *
     * @return nanoseconds since an arbitrary origin; only differences mean something
     */
    long nanoTime();

    /**
     * Monotonic time in the clothes of a clock, for libraries that want one to measure with: when the wall clock is set, nothing
     * changes.
     *
     * @return a clock whose instants mean something only beside one another
     */
    default Clock monotonicClock() {
        return new MonotonicClock(this);
    }

    /**
     * Wall-clock time, for records, and to notice that the machine slept; never used to decide when something happens.
     *
     * @return the current instant
     */
    Instant now();

    /**
     * Runs a task once after a delay, on the control thread. The task must not block.
     *
     * @param delay how long to wait; zero or less means as soon as possible. A hub's scheduler runs the task up to 50 ms later than
     *     that if the delay is a second or more
     * @param task what to run; what it throws is logged and dropped
     * @return the handle that cancels it
     */
    Task schedule(Duration delay, Runnable task);

    /** A task that waits for its time. */
    interface Task {

        /** Prevents the task from running if it has not begun. Idempotent, never blocks. */
        void cancel();
    }
}
