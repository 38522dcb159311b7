package io.agenthub.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LatenciesTest {

    @Test
    void theMiddleOfAClassIsNearEveryDurationInIt() {
        Random random = new Random(Long.getLong("agenthub.test.seed", 3));
        for (int i = 0; i < 100_000; i++) {
            long nanos = (long) Math.exp(random.nextDouble() * 38);
            double off = Math.abs(Latencies.middle(Latencies.classOf(nanos)).toNanos() - nanos);
            assertTrue(off <= Math.max(1_000, nanos * 0.032), () -> nanos + " ns is off by " + off);
        }
    }

    @Test
    void longerDurationsAreInLaterClasses() {
        int last = -1;
        for (long micros = 0; micros < 100_000; micros++) {
            int found = Latencies.classOf(micros * 1_000);
            assertTrue(found == last || found == last + 1);
            last = found;
        }
        assertTrue(Latencies.classOf(Long.MAX_VALUE) < Latencies.CLASSES);
        assertTrue(Latencies.CLASSES < 1_000);
        assertEquals(0, Latencies.classOf(Long.MIN_VALUE));
        assertTrue(Latencies.middle(Latencies.classOf(Long.MAX_VALUE)).compareTo(Duration.ofDays(365)) > 0);
        assertEquals(Duration.ZERO, Latencies.middle(0));
    }
}
