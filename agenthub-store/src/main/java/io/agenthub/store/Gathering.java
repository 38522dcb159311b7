package io.agenthub.store;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Where the writer waits: for work, and then for company, so that one commit carries much. Its own thread waits here; any thread
 * ends that.
 */
final class Gathering {
    /** How many must wait for the sleeping writer to be woken: any, or in numbers nobody counts while it is awake. */
    private static final int ASLEEP = 0;

    private static final int AWAKE = Integer.MAX_VALUE;

    private final PendingQueue queue;
    private final Thread writer;
    private final int enough;
    private final Pace pace;
    private final BooleanSupplier wantedOtherwise;

    private volatile int wakeAt = AWAKE;
    private volatile boolean lingers;
    private volatile boolean hurried;

    /**
     * Prepares to wait.
     *
     * @param writer the thread that waits here
     * @param enough so many are committed without waiting for more
     * @param wantedOtherwise whether the writer has anything to do but to commit
     */
    Gathering(PendingQueue queue, Thread writer, int enough, Pace pace, BooleanSupplier wantedOtherwise) {
        this.queue = queue;
        this.writer = writer;
        this.enough = enough;
        this.pace = pace;
        this.wantedOtherwise = wantedOtherwise;
    }

    /** Something was added to the queue. Cheap unless the writer sleeps for want of work, or lingers for want of waiters. */
    void wake(boolean awaited) {
        if (queue.size() >= wakeAt || (awaited && lingers)) {
            lingers = false;
            LockSupport.unpark(writer);
        }
    }

    /** Somebody wants to see what waits, also if the writer does not linger yet. */
    void hurry() {
        if (!hurried && queue.size() > 0) {
            hurried = true;
            LockSupport.unpark(writer);
        }
    }

    /** Waits until the next commit is due, or enough wait for it; some of them are in the batch then, and the others in the queue. */
    void gather(Batch batch) {
        long left;
        while (!wantedOtherwise.getAsBoolean()
                && !isEnough(batch)
                && (left = pace.dueAt(isAwaited(batch)) - System.nanoTime()) > 0) {
            LockSupport.parkNanos(this, left);
        }
        wakeAt = AWAKE;
        lingers = false;
        hurried = false;
    }

    private boolean isEnough(Batch batch) {
        // Before the commit is due as well, so that few are in the queue whenever a collection comes.
        if (queue.size() - batch.taken() >= Batch.STEP) {
            batch.take();
        }
        wakeAt = Math.min(enough, batch.taken() + Batch.STEP);
        return batch.isFull() || queue.size() >= enough;
    }

    /** Whether somebody waits for the next commit; whoever comes to wait later wakes the writer. */
    private boolean isAwaited(Batch batch) {
        if (hurried || queue.isAwaited() || batch.isAwaited()) {
            return true;
        }
        lingers = true;
        return hurried || queue.isAwaited();
    }

    /**
     * Sleeps for want of work.
     *
     * @param nanos how long at most; 0 until there is some
     */
    void sleep(long nanos) {
        wakeAt = ASLEEP;
        if (queue.isEmpty() && !wantedOtherwise.getAsBoolean()) {
            if (nanos > 0) {
                LockSupport.parkNanos(this, nanos);
            } else {
                LockSupport.park(this);
            }
        }
        wakeAt = AWAKE;
    }
}
