package io.agenthub.core.internal.hub;

import io.agenthub.api.Scheduler;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The deadlines of calls that have the same time, and so reach them in the order in which they began: one timer watches the first of
 * them. Thread-safe.
 */
final class DeadlineQueue {
    /*
     * Nearly every call ends long before its deadline. A timer of its own would be armed and disarmed for each, and stay on the
     * scheduler's wheel until that turns; here a call is linked and unlinked, and leaves nothing behind. The one timer is not
     * disarmed: it comes, finds out what has become the first, and is set anew.
     *
     * Locks are taken in the order Deadline, DeadlineQueue, scheduler. No lock is held while a deadline expires. The end of a
     * linked deadline does not change, so that it is read without that one's lock.
     */
    private static final Logger log = LoggerFactory.getLogger(DeadlineQueue.class);
    /** A shorter one is exact, and worth a timer. */
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    /** Those that follow the first so soon are seen together. */
    private static final long GRAIN_NANOS = Duration.ofMillis(50).toNanos();

    private final Scheduler scheduler;
    private final boolean longEnough;
    private @Nullable Deadline first;
    private @Nullable Deadline last;
    private boolean watched;

    /**
     * Begins empty.
     *
     * @param timeout how much time the calls have
     */
    DeadlineQueue(Scheduler scheduler, Duration timeout) {
        this.scheduler = scheduler;
        this.longEnough = timeout.compareTo(SHORTEST) >= 0;
    }

    /** Watches a deadline, unless it is too short, or comes before one that is there. Returns whether it does. */
    synchronized boolean add(Deadline added) {
        Deadline before = last;
        if (!longEnough || (before != null && added.end() - before.end() < 0)) {
            return false;
        }
        watch(first == null ? added : first, 0);
        added.previous = before;
        if (before == null) {
            first = added;
        } else {
            before.next = added;
        }
        last = added;
        return true;
    }

    /** Watches a deadline no more. Without effect if it is not there. */
    synchronized void remove(Deadline removed) {
        Deadline before = removed.previous;
        Deadline after = removed.next;
        if (before == null && first != removed) {
            return;
        }
        if (before == null) {
            first = after;
        } else {
            before.next = after;
        }
        if (after == null) {
            last = before;
        } else {
            after.previous = before;
        }
        removed.previous = null;
        removed.next = null;
    }

    /** Sets the timer, if it is not set. */
    private void watch(Deadline head, long leastNanos) {
        if (!watched) {
            long left = Math.max(leastNanos, head.end() - scheduler.nanoTime());
            scheduler.schedule(Duration.ofNanos(left), this::look);
            watched = true;
        }
    }

    private void look() {
        Deadline due;
        while ((due = poll()) != null) {
            try {
                due.expire();
            } catch (RuntimeException | Error e) {
                // What one call does with its end is nothing to the others.
                log.atError().setCause(e).log("The deadline of a call could not be told");
            }
        }
    }

    /** Takes out the first if it is due, and otherwise sees to it that it is watched. */
    private synchronized @Nullable Deadline poll() {
        Deadline head = first;
        if (head != null && head.end() - scheduler.nanoTime() <= 0) {
            remove(head);
            return head;
        }
        watched = false;
        if (head != null) {
            watch(head, GRAIN_NANOS);
        }
        return null;
    }
}
