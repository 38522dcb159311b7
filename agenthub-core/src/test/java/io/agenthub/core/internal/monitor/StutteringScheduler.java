package io.agenthub.core.internal.monitor;

import io.agenthub.api.Scheduler;
import java.time.Duration;
import java.time.Instant;

/** Runs everything later than asked for, as on a machine that stands still now and then. */
final class StutteringScheduler implements Scheduler {
    private final Scheduler real;
    Duration extra = Duration.ZERO;

    StutteringScheduler(Scheduler real) {
        this.real = real;
    }

    @Override
    public long nanoTime() {
        return real.nanoTime();
    }

    @Override
    public Instant now() {
        return real.now();
    }

    @Override
    public Task schedule(Duration delay, Runnable task) {
        return real.schedule(delay.plus(extra), task);
    }
}
