package io.agenthub.core.internal.concurrent;

import io.agenthub.api.Scheduler;
import io.netty.util.HashedWheelTimer;
import io.netty.util.Timeout;
import io.netty.util.TimerTask;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Real time: delays are measured by a hashed wheel, or exactly if they are short; due tasks run on the one control thread. Thread-safe. */
public final class ControlScheduler implements Scheduler {
    /*
     * A call with a time of its own arms a deadline and disarms it again. On the wheel both are a queue insertion without waking any
     * thread [1]; a heap in the control thread would be woken for each call. But a wheel turns even if nothing is due, so it turns
     * slowly, and what is shorter than SHORT, where its ticks would tell, waits in the control thread's heap: graces and
     * retries, which are rare. Tasks without delay skip both, so that supervision reacts at once and in order.
     *
     * What is disarmed stays on the wheel until its next tick, but lets go of its task, and with that of the call, at once.
     *
     * [1] G. Varghese, T. Lauck, Hashed and Hierarchical Timing Wheels, SOSP 1987.
     */
    private static final Logger log = LoggerFactory.getLogger(ControlScheduler.class);
    private static final Duration SHORT = Duration.ofSeconds(1);
    private static final long TICK_MILLIS = 50;
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
            if (delay.compareTo(SHORT) < 0) {
                Future<?> timer = control.schedule(() -> run(task), delay.toNanos(), TimeUnit.NANOSECONDS);
                return () -> timer.cancel(false);
            }
            Delayed delayed = new Delayed(task);
            delayed.timeout = wheel.newTimeout(delayed, delay.toNanos(), TimeUnit.NANOSECONDS);
            return delayed;
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

    /** A task on the wheel, and the handle that takes it off. */
    private static final class Delayed implements TimerTask, Task {
        private volatile @Nullable Runnable task;
        private @Nullable Timeout timeout;

        Delayed(Runnable task) {
            this.task = task;
        }

        @Override
        public void run(Timeout due) {
            Runnable armed = task;
            if (armed != null) {
                ControlScheduler.run(armed);
            }
        }

        @Override
        public void cancel() {
            task = null;
            Timeout waiting = timeout;
            if (waiting != null) {
                waiting.cancel();
            }
        }
    }

    /** Ends both threads and drops what still waits. Blocks for a moment; not for a thread of the hub. */
    public void close() {
        wheel.stop();
        control.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }
}
