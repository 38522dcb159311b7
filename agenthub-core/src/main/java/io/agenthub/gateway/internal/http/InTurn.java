package io.agenthub.gateway.internal.http;

import io.netty.channel.EventLoop;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs tasks on an event loop in the order in which they are given, from whatever threads: one that is given on the loop itself
 * runs at once, unless one that was given before on another thread still waits. Thread-safe.
 */
final class InTurn {
    private final EventLoop loop;
    private final AtomicInteger waiting = new AtomicInteger();

    InTurn(EventLoop loop) {
        this.loop = loop;
    }

    /** Runs a task now or soon. Throws {@link RejectedExecutionException} if the loop is closed. */
    void execute(Runnable task) {
        if (loop.inEventLoop() && waiting.get() == 0) {
            task.run();
            return;
        }
        waiting.incrementAndGet();
        try {
            loop.execute(() -> {
                waiting.decrementAndGet();
                task.run();
            });
        } catch (RejectedExecutionException e) {
            waiting.decrementAndGet();
            throw e;
        }
    }
}
