package io.agenthub.bench.load.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class StatTest {

    @Test
    void ofAnOddNumberOfRoundsTheMiddleOneCounts() {
        assertEquals(
                new Stat(3, 1, 9, 5), Stat.of(List.of(9.0, 1.0, 3.0, 2.0, 4.0)).orElseThrow());
    }

    @Test
    void ofAnEvenNumberOfRoundsTheMeanOfTheMiddleTwoCounts() {
        assertEquals(
                new Stat(2.5, 1, 4, 4), Stat.of(List.of(4.0, 1.0, 3.0, 2.0)).orElseThrow());
    }

    @Test
    void nothingMeasuredHasNoStat() {
        assertTrue(Stat.of(List.of()).isEmpty());
    }

    @Test
    void roundsArePairedInOrderAndTheOddOneIsLeftOut() {
        List<Double> ratios = Stat.paired(List.of(6.0, 9.0, 5.0), List.of(2.0, 3.0), (a, b) -> a / b);

        assertEquals(List.of(3.0, 3.0), ratios);
    }
}
