package io.agenthub.core.internal.concurrent;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReference;
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
    /** The task that was handed on or runs, and those in the queue that were counted. */
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
        // An earlier task of this caller may still be in the queue, because one of another caller, not counted yet, ran
        // on its count.
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
        Start start = new Start(first);
        try {
            executor.execute(start);
        } catch (RuntimeException | Error refusal) {
            // An embedder's executor that was shut down must not lose what waits here, an answer perhaps.
            runSomewhere(start);
        }
    }

    private static void runSomewhere(Runnable start) {
        try {
            Thread last = new Thread(start, "agenthub-callback-rejected");
            last.setDaemon(true);
            last.start();
        } catch (OutOfMemoryError noThread) {
            start.run();
        }
    }

    /** Runs once, though an executor may have taken it in before it threw; and keeps nothing alive that has run. */
    private final class Start extends AtomicReference<@Nullable Runnable> implements Runnable {
        private static final long serialVersionUID = 1L;

        Start(Runnable first) {
            super(first);
        }

        @Override
        public void run() {
            Runnable first = getAndSet(null);
            if (first != null) {
                perform(first);
                drain();
            }
        }
    }

    private void drain() {
        while (WAITING.decrementAndGet(this) > 0) {
            perform(queue().remove());
        }
    }

    private void perform(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) { // an Error too must not end the queue
            report(e);
        }
    }

    private void report(Throwable thrown) {
        try {
            onThrow.run();
            log.atWarn().setCause(thrown).log("A listener threw; it is ignored");
        } catch (RuntimeException | Error e) {
            // There is nobody left to tell.
        }
    }
}
