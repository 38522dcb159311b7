package io.agenthub.mcp.internal.http;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Two daemon threads for what may block: looking up names, reading certificates, and the arithmetic of TLS. They exist only
 * while they are needed, and for 5 seconds more. At most 1,024 tasks wait; one more is refused with {@link
 * java.util.concurrent.RejectedExecutionException}.
 */
public final class HelperThreads implements Executor {
    private static final int MOST = 2;
    private static final int QUEUE = 1_024;

    private final ThreadPoolExecutor pool;

    /** Creates the executor; the threads come with its tasks. */
    public HelperThreads() {
        pool = new ThreadPoolExecutor(MOST, MOST, 5, TimeUnit.SECONDS, new LinkedBlockingQueue<>(QUEUE), task -> {
            Thread thread = new Thread(task, "agenthub-http-helper");
            thread.setDaemon(true);
            return thread;
        });
        pool.allowCoreThreadTimeOut(true);
    }

    @Override
    public void execute(Runnable task) {
        pool.execute(task);
    }
}
