package io.agenthub.tck;

import io.agenthub.api.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Real time on one daemon thread, which is the control thread of a {@link TckContext}. */
final class TimerScheduler implements Scheduler {
    private final ScheduledThreadPoolExecutor timer =
            new ScheduledThreadPoolExecutor(1, TckContext.threads("tck-control-", false));

    TimerScheduler() {
        timer.setRemoveOnCancelPolicy(true);
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public Instant now() {
        return Instant.now();
    }

    @Override
    public Task schedule(Duration delay, Runnable task) {
        try {
            Future<?> waiting = timer.schedule(task, Math.max(0, delay.toNanos()), TimeUnit.NANOSECONDS);
            return () -> waiting.cancel(false);
        } catch (RejectedExecutionException closed) {
            // Time has ended with the context; a part that is still closing must not fail for it.
            return () -> {};
        }
    }

    void close() {
        timer.shutdown();
    }
}
