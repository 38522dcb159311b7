package io.agenthub.api;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A scheduler's monotonic time, counted from the epoch as if it had begun there. */
final class MonotonicClock extends Clock {
    private final Scheduler scheduler;

    MonotonicClock(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    @Override
    public Instant instant() {
        return Instant.EPOCH.plusNanos(scheduler.nanoTime());
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    /** The same clock: there is no calendar to read from it. */
    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
