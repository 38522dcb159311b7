package io.agenthub.core.internal.hub;

import io.agenthub.api.Scheduler;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The clock of one call. It stands still while the caller is asked something, because the server is not to blame for how long a
 * person thinks; but for {@link #LONGEST_HOLD} in all. Thread-safe.
 */
final class Deadline {
    static final Duration LONGEST_HOLD = Duration.ofMinutes(10);

    private final Scheduler scheduler;
    private final @Nullable DeadlineQueue queue;
    private final Runnable expired;
    /** Its neighbours in the queue, which guards them. */
    @Nullable
    Deadline previous;

    @Nullable
    Deadline next;

    private long end;
    private long held;
    private long heldSince;
    private int holds;
    private boolean over;
    private boolean queued;
    private Scheduler.@Nullable Task task;

    /**
     * Makes a clock that runs.
     *
     * @param begun when it began to run
     * @param timeout how much time there is
     * @param queue watches it if it can; without one, a timer does
     * @param expired told when it is over; only after {@link #arm}
     */
    Deadline(Scheduler scheduler, long begun, Duration timeout, @Nullable DeadlineQueue queue, Runnable expired) {
        this.scheduler = scheduler;
        this.queue = queue;
        this.expired = expired;
        this.end = begun + timeout.toNanos();
    }

    /** Begins to watch. */
    synchronized void arm() {
        queued = !over && queue != null && queue.add(this);
        if (!queued) {
            set(remainingNanos());
        }
    }

    /** When it is over, by the scheduler's clock; does not change while it is in the queue. */
    long end() {
        return end;
    }

    /** It is over; unless it was held or cancelled since the queue let go of it. */
    void expire() {
        synchronized (this) {
            if (!queued) {
                return;
            }
            queued = false;
        }
        expired.run();
    }

    private void set(long nanos) {
        if (queued && queue != null) {
            queued = false;
            queue.remove(this);
        }
        Scheduler.Task before = task;
        if (before != null) {
            before.cancel();
        }
        task = over ? null : scheduler.schedule(Duration.ofNanos(nanos), expired);
    }

    /** Stands still until {@link #goOn} was called as often. */
    synchronized void hold() {
        if (holds++ == 0) {
            heldSince = scheduler.nanoTime();
            set(remainingNanos() + Math.max(0, LONGEST_HOLD.toNanos() - held));
        }
    }

    /** Ends one {@link #hold}. */
    synchronized void goOn() {
        if (--holds == 0) {
            long pause = Math.min(scheduler.nanoTime() - heldSince, Math.max(0, LONGEST_HOLD.toNanos() - held));
            held += pause;
            end += pause;
            set(remainingNanos());
        }
    }

    /** Watches no more. Idempotent. */
    synchronized void cancel() {
        over = true;
        set(0);
    }

    /** How much time is left; while it stands still, what there was when that began. */
    synchronized Duration remaining() {
        return Duration.ofNanos(remainingNanos());
    }

    private long remainingNanos() {
        return Math.max(0, end - (holds > 0 ? heldSince : scheduler.nanoTime()));
    }
}
