package io.agenthub.core.internal.concurrent;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs tasks one at a time and in order on another executor. Thread-safe. */
public final class SerialExecutor implements Executor {
    private static final Logger log = LoggerFactory.getLogger(SerialExecutor.class);

    private final Executor executor;
    private final int capacity;
    private final Runnable onThrow;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();

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
        if (waiting.get() >= capacity) {
            return false;
        }
        execute(task);
        return true;
    }

    /** Adds a task however many wait; for those that must not be lost. */
    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        if (waiting.getAndIncrement() == 0) {
            try {
                executor.execute(this::drain);
            } catch (RuntimeException | Error refusal) {
                // An embedder's executor that was shut down must not lose what waits here, an answer perhaps.
                drainSomewhere();
            }
        }
    }

    private void drainSomewhere() {
        try {
            Thread last = new Thread(this::drain, "agenthub-callback-rejected");
            last.setDaemon(true);
            last.start();
        } catch (OutOfMemoryError noThread) {
            drain();
        }
    }

    private void drain() {
        int done = 0;
        do {
            Runnable task = tasks.poll();
            if (task == null) {
                return;
            }
            try {
                task.run();
            } catch (Throwable e) { // an Error too must not end the queue
                log.atWarn().setCause(e).log("A listener threw; it is ignored");
                onThrow.run();
            }
            done = waiting.decrementAndGet();
        } while (done > 0);
    }
}
