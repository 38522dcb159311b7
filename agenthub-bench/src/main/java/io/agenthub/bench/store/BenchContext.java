package io.agenthub.bench.store;

import io.agenthub.api.Scheduler;
import io.agenthub.api.spi.ProviderContext;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** What a hub would lend to a store: real time and two callback threads. */
final class BenchContext implements ProviderContext, Scheduler, AutoCloseable {
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(BenchContext::daemon);
    private final ExecutorService callbacks = Executors.newFixedThreadPool(2, BenchContext::daemon);

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "bench");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public Scheduler scheduler() {
        return this;
    }

    @Override
    public Executor executor() {
        return callbacks;
    }

    @Override
    public Optional<Path> dataDirectory() {
        return Optional.empty();
    }

    @Override
    public <T> Optional<T> shared(Class<T> type) {
        return Optional.empty();
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
        Future<?> waiting = timer.schedule(task, Math.max(0, delay.toNanos()), TimeUnit.NANOSECONDS);
        return () -> waiting.cancel(false);
    }

    @Override
    public void close() {
        timer.shutdownNow();
        callbacks.shutdownNow();
    }
}
