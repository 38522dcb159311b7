package io.agenthub.ollama.internal.http;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * One daemon thread for what may block: reading files and resolving names. It exists only while it is needed, and for 5 seconds
 * more. At most 64 tasks wait; one more is refused with {@link RejectedExecutionException}.
 */
public final class HelperThread implements Executor {
    private static final int QUEUE = 64;

    private final ThreadPoolExecutor pool;

    /**
     * Creates the executor; the thread comes with the first task.
     *
     * @param name the thread's name
     */
    public HelperThread(String name) {
        pool = new ThreadPoolExecutor(1, 1, 5, TimeUnit.SECONDS, new LinkedBlockingQueue<>(QUEUE), task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
        pool.allowCoreThreadTimeOut(true);
    }

    @Override
    public void execute(Runnable task) {
        pool.execute(task);
    }

    /** Runs no more tasks, and interrupts the one that runs. */
    public void stop() {
        pool.shutdownNow();
    }
}
