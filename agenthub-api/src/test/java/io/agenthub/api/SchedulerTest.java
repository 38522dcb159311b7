package io.agenthub.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.agenthub.tck.ManualScheduler;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class SchedulerTest {
    @Test
    void itsClockGoesAsItsMonotonicTimeDoes() {
        ManualScheduler scheduler = new ManualScheduler();
        Clock clock = scheduler.monotonicClock();
        Instant before = clock.instant();

        scheduler.advance(Duration.ofNanos(1_500_000_001));

        assertEquals(Duration.ofNanos(1_500_000_001), Duration.between(before, clock.instant()));
        assertEquals(ZoneOffset.UTC, clock.getZone());
        assertSame(clock, clock.withZone(ZoneId.of("Europe/Berlin")));
    }
}
