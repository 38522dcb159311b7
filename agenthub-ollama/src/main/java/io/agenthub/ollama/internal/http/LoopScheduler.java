package io.agenthub.ollama.internal.http;

import io.agenthub.api.Scheduler;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Real time on an event loop, for a client that no hub lends a scheduler. */
public final class LoopScheduler implements Scheduler {
    private final EventLoop loop;

    /**
     * Creates a scheduler.
     *
     * @param loop runs the tasks
     */
    public LoopScheduler(EventLoop loop) {
        this.loop = loop;
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
        Future<?> waiting = loop.schedule(task, Math.max(0, delay.toNanos()), TimeUnit.NANOSECONDS);
        return () -> waiting.cancel(false);
    }
}
