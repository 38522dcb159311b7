package io.agenthub.core.internal.concurrent;

import io.agenthub.api.Scheduler;
import io.netty.util.HashedWheelTimer;
import io.netty.util.Timeout;
import io.netty.util.concurrent.DefaultEventExecutor;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Real time: a hashed wheel measures delays, and due tasks run on the one control thread. Thread-safe. */
public final class ControlScheduler implements Scheduler {
    /*
     * Nearly every call arms a deadline and disarms it again. On the wheel both are a queue insertion without waking any thread
     * [1]; a heap in the control thread would be woken for each call. Tasks without delay skip the wheel, so that supervision
     * reacts at once and in order.
     *
     * [1] G. Varghese, T. Lauck, Hashed and Hierarchical Timing Wheels, SOSP 1987.
     */
    private static final Logger log = LoggerFactory.getLogger(ControlScheduler.class);
    private static final long TICK_MILLIS = 10;
    private static final Task DONE = () -> {};

    private final DefaultEventExecutor control =
            new DefaultEventExecutor(HubThreads.nonBlocking("agenthub-control", false));
    private final HashedWheelTimer wheel = new HashedWheelTimer(
            HubThreads.blocking("agenthub-timer"), TICK_MILLIS, TimeUnit.MILLISECONDS, 512, false, -1, control);

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
            if (delay.isZero() || delay.isNegative()) {
                control.execute(() -> run(task));
                return DONE;
            }
            Timeout timeout = wheel.newTimeout(due -> run(task), delay.toNanos(), TimeUnit.NANOSECONDS);
            return timeout::cancel;
        } catch (RejectedExecutionException | IllegalStateException e) {
            log.debug("A task came after the scheduler was closed and is dropped");
            return DONE;
        }
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) { // an Error would end the control thread
            log.atError().setCause(e).log("A task on the control thread failed");
        }
    }

    /** Ends both threads and drops what still waits. Blocks for a moment; not for a thread of the hub. */
    public void close() {
        wheel.stop();
        control.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }
}
