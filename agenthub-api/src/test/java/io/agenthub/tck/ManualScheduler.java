package io.agenthub.tck;

import io.agenthub.api.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A scheduler whose time stands still until the test moves it.
 *
 * <p>Tasks run on the thread that calls {@link #advance}, one after the other, in the order of their due times. Tasks of one
 * due time run in the order they were scheduled, or, with a seed, in an order drawn from it: the same seed and the same calls
 * give the same run. Thread-safe: other threads may schedule and cancel while one advances.
 */
public final class ManualScheduler implements Scheduler {
    private static final Instant EPOCH = Instant.parse("2030-01-01T00:00:00Z");
    private static final int RUNAWAY = 10_000_000;

    private final PriorityQueue<Waiting> queue = new PriorityQueue<>(
            Comparator.comparingLong((Waiting task) -> task.due).thenComparingLong(task -> task.tie));
    private final List<Throwable> failures = new ArrayList<>();
    private final @Nullable Random random;
    private long nanos;
    private Duration shift = Duration.ZERO;
    private boolean cancelsTooLate;
    private long scheduled;
    private @Nullable Thread advancing;

    /** Runs tasks of one due time in the order they were scheduled. */
    public ManualScheduler() {
        this.random = null;
    }

    /**
     * Runs tasks of one due time in a random order.
     *
     * @param seed decides the order
     */
    public ManualScheduler(long seed) {
        this.random = new Random(seed);
    }

    @Override
    public synchronized long nanoTime() {
        return nanos;
    }

    @Override
    public synchronized Instant now() {
        return EPOCH.plusNanos(nanos).plus(shift);
    }

    /**
     * Moves the wall clock alone, as when the machine slept, or when somebody set the clock.
     *
     * @param time how far; negative to set it back
     */
    public synchronized void shiftClock(Duration time) {
        shift = shift.plus(time);
    }

    /** From now on a task that is cancelled runs all the same, as one whose time had just come. */
    public synchronized void cancelTooLate() {
        cancelsTooLate = true;
    }

    @Override
    public synchronized Task schedule(Duration delay, Runnable task) {
        long wait = Math.max(0, delay.toNanos());
        long tie = random == null ? scheduled++ : random.nextLong();
        Waiting waiting = new Waiting(nanos + wait, tie, java.util.Objects.requireNonNull(task));
        queue.add(waiting);
        return waiting;
    }

    /** Runs what is due now, and what that schedules for now. */
    public void runDue() {
        advance(Duration.ZERO);
    }

    /**
     * Moves time forward and runs everything that comes due on the way, each task at its own time.
     *
     * @param time how far, zero or more
     * @throws IllegalStateException if called from a task, or from two threads at once
     */
    public void advance(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("time does not go back: " + time);
        }
        long target;
        synchronized (this) {
            if (advancing != null) {
                throw new IllegalStateException("already advancing on " + advancing.getName());
            }
            advancing = Thread.currentThread();
            target = nanos + time.toNanos();
        }
        try {
            runUpTo(target);
        } finally {
            synchronized (this) {
                advancing = null;
            }
        }
    }

    private void runUpTo(long target) {
        for (int ran = 0; ; ran++) {
            Waiting next = next(target);
            if (next == null) {
                return;
            }
            if (ran == RUNAWAY) {
                throw new IllegalStateException("tasks schedule each other without end");
            }
            try {
                next.task.run();
            } catch (RuntimeException | Error e) {
                synchronized (this) {
                    failures.add(e);
                }
            }
        }
    }

    private synchronized @Nullable Waiting next(long target) {
        Waiting head = queue.peek();
        if (head == null || head.due > target) {
            nanos = target;
            return null;
        }
        nanos = Math.max(nanos, head.due);
        return queue.poll();
    }

    /**
     * Moves time to the next task, if there is one, and runs all that is due then.
     *
     * @return whether there was one
     */
    public boolean advanceToNext() {
        Optional<Duration> next = nextIn();
        next.ifPresent(this::advance);
        return next.isPresent();
    }

    /**
     * When the next task is due.
     *
     * @return the time until then, or empty if nothing waits
     */
    public synchronized Optional<Duration> nextIn() {
        Waiting head = queue.peek();
        return head == null ? Optional.empty() : Optional.of(Duration.ofNanos(Math.max(0, head.due - nanos)));
    }

    /**
     * How many tasks wait.
     *
     * @return those scheduled, without those that ran or were cancelled
     */
    public synchronized int pending() {
        return queue.size();
    }

    /**
     * What tasks threw.
     *
     * @return in order; a test usually expects none
     */
    public synchronized List<Throwable> failures() {
        return List.copyOf(failures);
    }

    private final class Waiting implements Task {
        private final long due;
        private final long tie;
        private final Runnable task;

        Waiting(long due, long tie, Runnable task) {
            this.due = due;
            this.tie = tie;
            this.task = task;
        }

        @Override
        public void cancel() {
            synchronized (ManualScheduler.this) {
                if (!cancelsTooLate) {
                    queue.remove(this);
                }
            }
        }
    }
}
