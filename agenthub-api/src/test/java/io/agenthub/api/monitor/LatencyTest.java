package io.agenthub.api.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LatencyTest {
    private static Latency with(int bucket, long count) {
        List<Long> counts = new ArrayList<>(Collections.nCopies(Latency.BOUNDS.size() + 1, 0L));
        counts.set(bucket, count);
        return new Latency(counts, Duration.ZERO);
    }

    @Test
    void theBoundsDoubleFrom25MicrosecondsToAlmostAMinute() {
        assertEquals(Duration.ofNanos(25_000), Latency.BOUNDS.get(0));
        for (int i = 1; i < Latency.BOUNDS.size(); i++) {
            assertEquals(Latency.BOUNDS.get(i - 1).multipliedBy(2), Latency.BOUNDS.get(i));
        }
        assertTrue(Latency.BOUNDS.get(Latency.BOUNDS.size() - 1).compareTo(Duration.ofSeconds(50)) > 0);
    }

    @Test
    void aQuantileLiesInTheBucketThatHoldsIt() {
        Latency latency = with(3, 100);
        assertEquals(Duration.ofNanos(150_000), latency.quantile(0.5));
        assertEquals(Duration.ofNanos(200_000), latency.quantile(1));
        assertEquals(100, latency.count());
    }

    @Test
    void nothingHasNoQuantileAndWhatIsBeyondHasTheLastBound() {
        assertEquals(Duration.ZERO, Latency.NONE.quantile(0.99));
        Latency beyond = with(Latency.BOUNDS.size(), 1);
        assertEquals(Latency.BOUNDS.get(Latency.BOUNDS.size() - 1), beyond.quantile(0.5));
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1.1, Double.NaN})
    void aPartLiesBetweenNothingAndAll(double part) {
        assertThrows(IllegalArgumentException.class, () -> Latency.NONE.quantile(part));
    }

    @Test
    void thereIsACountForEachBucket() {
        assertThrows(IllegalArgumentException.class, () -> new Latency(List.of(1L), Duration.ZERO));
    }
}
