package io.agenthub.bench.load.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class OpenScheduleTest {
    /** Near the largest number, where the clock wraps around. */
    private final long start = Long.sum(Long.MAX_VALUE, -1_000);

    @Test
    void callsAreDueAtEvenDistancesFromTheStart() {
        OpenSchedule schedule = new OpenSchedule(1_000, Duration.ofMillis(3), start);

        assertEquals(start, schedule.take());
        assertEquals(start + 1_000_000, schedule.take());
        assertEquals(start + 2_000_000, schedule.take());
        assertFalse(schedule.hasNext());
    }

    @Test
    void aRateThatDividesNoSecondDoesNotDrift() {
        OpenSchedule schedule = new OpenSchedule(3, Duration.ofSeconds(1_000), 0);
        long last = 0;
        while (schedule.hasNext()) {
            last = schedule.take();
        }

        assertEquals(3_000, schedule.total());
        assertEquals(999_666_666_666.0, (double) last, 1_000);
    }

    @Test
    void aCallIsDueFromItsTimeOnAlsoWhenTheClockWrapsAround() {
        OpenSchedule schedule = new OpenSchedule(1_000_000, Duration.ofMillis(1), start);
        schedule.take();

        assertFalse(schedule.isDue(start + 999));
        assertTrue(schedule.isDue(start + 1_000));
        schedule.take();
        assertTrue(schedule.isDue(start + 2_000), "past the largest number");
    }

    @Test
    void theShortestScheduleHasOneCall() {
        assertEquals(1, new OpenSchedule(1, Duration.ZERO, 0).total());
    }
}
