package io.agenthub.core.internal.hub;

import io.agenthub.api.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The deadlines of calls that have the same time, and so reach them in the order in which they began: one timer watches the first.
 * A call costs no timer of its own, of which most would be cancelled long before their time and stay in memory until then.
 * Thread-safe.
 */
final class DeadlineQueue {
    /** A deadline of less is exact, and worth a timer. */
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    /** Those that follow the first so soon are seen together. */
    private static final long GRAIN_NANOS = Duration.ofMillis(50).toNanos();

    private final Scheduler scheduler;
    private final boolean used;
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
        this.used = timeout.compareTo(SHORTEST) >= 0;
    }

    /** Watches a deadline, unless it is too short, or comes before one that is there. Returns whether it does. */
    synchronized boolean add(Deadline added) {
        Deadline before = last;
        if (!used || (before != null && added.end() - before.end() < 0)) {
            return false;
        }
        added.previous = before;
        if (before == null) {
            first = added;
        } else {
            before.next = added;
        }
        last = added;
        if (!watched) {
            watched = true;
            lookAfter(added.end() - scheduler.nanoTime());
        }
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

    private void lookAfter(long nanos) {
        scheduler.schedule(Duration.ofNanos(Math.max(0, nanos)), this::look);
    }

    private void look() {
        for (Deadline due : due()) {
            due.expire();
        }
    }

    /** Takes out what is due, and sees to the next. The one timer is left alone when what it waited for has gone: it comes and finds out. */
    private synchronized List<Deadline> due() {
        List<Deadline> due = new ArrayList<>();
        long now = scheduler.nanoTime();
        Deadline head = first;
        while (head != null && head.end() - now <= 0) {
            due.add(head);
            remove(head);
            head = first;
        }
        watched = head != null;
        if (head != null) {
            lookAfter(Math.max(GRAIN_NANOS, head.end() - now));
        }
        return due;
    }
}
