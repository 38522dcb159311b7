package io.agenthub.core.internal.concurrent;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks one at a time and in order on another executor. Thread-safe.
 *
 * <p>A task that finds nothing before it is handed on as it is. Most of these have one task in their life, and no queue.
 */
public final class SerialExecutor implements Executor {
    private static final Logger log = LoggerFactory.getLogger(SerialExecutor.class);
    private static final AtomicIntegerFieldUpdater<SerialExecutor> WAITING =
            AtomicIntegerFieldUpdater.newUpdater(SerialExecutor.class, "waiting");

    private final Executor executor;
    private final int capacity;
    private final Runnable onThrow;
    /** Tasks that run or are counted in the queue. */
    private volatile int waiting;

    private volatile @Nullable Queue<Runnable> queue;

    /**
     * Creates an executor with nothing to do.
     *
     * @param executor lends the threads
     * @param capacity how many tasks {@link #offer} lets wait
     * @param onThrow told of each task that threw
     */
    public SerialExecutor(Executor executor, int capacity, Runnable onThrow) {
        this.executor = executor;
        this.capacity = capacity;
        this.onThrow = onThrow;
    }

    /**
     * Adds a task unless too many wait.
     *
     * @param task the task
     * @return false if it was refused
     */
    public boolean offer(Runnable task) {
        if (waiting >= capacity) {
            return false;
        }
        execute(task);
        return true;
    }

    /** Adds a task however many wait; for those that must not be lost. */
    @Override
    public void execute(Runnable task) {
        // What is in the queue and not counted yet may hide an earlier task of this caller.
        if (isQueueEmpty() && WAITING.compareAndSet(this, 0, 1)) {
            begin(task);
            return;
        }
        Queue<Runnable> tasks = queue();
        // Counted only once it is there: whoever counts down finds as many as are counted.
        tasks.add(task);
        if (WAITING.getAndIncrement(this) == 0) {
            begin(tasks.remove());
        }
    }

    private boolean isQueueEmpty() {
        Queue<Runnable> present = queue;
        return present == null || present.isEmpty();
    }

    private Queue<Runnable> queue() {
        Queue<Runnable> present = queue;
        if (present == null) {
            synchronized (this) {
                present = queue;
                if (present == null) {
                    present = new ConcurrentLinkedQueue<>();
                    queue = present;
                }
            }
        }
        return present;
    }

    private void begin(Runnable first) {
        try {
            executor.execute(() -> drain(first));
        } catch (RuntimeException | Error refusal) {
            // An embedder's executor that was shut down must not lose what waits here, an answer perhaps.
            drainSomewhere(first);
        }
    }

    private void drainSomewhere(Runnable first) {
        try {
            Thread last = new Thread(() -> drain(first), "agenthub-callback-rejected");
            last.setDaemon(true);
            last.start();
        } catch (OutOfMemoryError noThread) {
            drain(first);
        }
    }

    private void drain(Runnable first) {
        Runnable task = first;
        while (true) {
            try {
                task.run();
            } catch (Throwable e) { // an Error too must not end the queue
                log.atWarn().setCause(e).log("A listener threw; it is ignored");
                onThrow.run();
            }
            if (WAITING.decrementAndGet(this) == 0) {
                return;
            }
            task = queue().remove();
        }
    }
}
