package io.agenthub.core.internal.monitor;

import static io.agenthub.core.internal.monitor.Threshold.Change.CLEARED;
import static io.agenthub.core.internal.monitor.Threshold.Change.NONE;
import static io.agenthub.core.internal.monitor.Threshold.Change.RAISED;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ThresholdTest {
    private final Threshold threshold = new Threshold(100, 2);

    private List<Threshold.Change> looks(double... values) {
        return Arrays.stream(values).mapToObj(threshold::look).toList();
    }

    @Test
    void oneValueBeyondIsNotEnough() {
        assertEquals(List.of(NONE, NONE, NONE, NONE), looks(500, 100, 500, 100));
    }

    @Test
    void theLimitItselfIsAllowed() {
        assertEquals(List.of(NONE, NONE, NONE), looks(100, 100, 100));
    }

    @Test
    void twoInARowRaiseItOnce() {
        assertEquals(List.of(NONE, RAISED, NONE, NONE, NONE), looks(101, 101, 101, 101, 101));
    }

    @Test
    void threeInARowWellBelowClearIt() {
        looks(101, 101);
        assertEquals(List.of(NONE, NONE, CLEARED, NONE), looks(80, 79, 0, 0));
    }

    @Test
    void aValueThatHoversAtTheLimitDoesNotFlap() {
        looks(101, 101);
        assertEquals(List.of(NONE, NONE, NONE, NONE, NONE, NONE), looks(99, 101, 81, 99, 80, 81));
    }

    @Test
    void itCanBeRaisedAgain() {
        looks(101, 101, 0, 0, 0);
        assertEquals(List.of(NONE, RAISED), looks(101, 101));
    }

    @Test
    void howManyLooksRaiseItIsChosen() {
        Threshold patient = new Threshold(100, 5);
        for (int i = 0; i < 4; i++) {
            assertEquals(NONE, patient.look(101));
        }
        assertEquals(RAISED, patient.look(101));
    }
}
