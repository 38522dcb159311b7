package io.agenthub.bench.load.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class TargetTest {
    private static final Series OURS = new Series("scenario", "64", "agenthub", "rate");
    private static final Series THEIRS = OURS.of("relay");

    private final Measurements measurements = new Measurements();

    private Verdict judge(Condition... conditions) {
        return Target.of("a promise", conditions).judge(measurements);
    }

    private void measured(Series series, double... rounds) {
        for (double round : rounds) {
            measurements.add(series, round);
        }
    }

    @Test
    void aFloorIsMetByWhatReachesIt() {
        measured(OURS, 60, 61, 62);

        assertEquals(Verdict.MET, judge(Condition.atLeast("", OURS, 60, "")));
    }

    @Test
    void aCeilingIsMissedByWhatExceedsIt() {
        measured(OURS, 1.1, 1.2, 1.3);

        assertEquals(Verdict.NOT_MET, judge(Condition.atMost("", OURS, 1, "ms")));
    }

    @Test
    void theMedianDecidesAndTheVerdictSaysThatRoundsDisagree() {
        measured(OURS, 0.9, 0.9, 1.5);

        assertEquals(Verdict.MET_MOSTLY, judge(Condition.atMost("", OURS, 1, "ms")));
        assertEquals(Verdict.MISSED_MOSTLY, judge(Condition.atLeast("", OURS, 1, "ms")));
    }

    @Test
    void whatWasNotMeasuredIsNotMet() {
        assertEquals(Verdict.NOT_MEASURED, judge(Condition.atMost("", OURS, 1, "ms")));
    }

    @Test
    void aRatioWithoutItsReferenceIsNotMeasured() {
        measured(OURS, 100);

        assertEquals(Verdict.NOT_MEASURED, judge(Condition.ratioAtLeast("", OURS, THEIRS, 0.6)));
    }

    @Test
    void ratiosAreTakenWithinARoundSoThatABadRoundOfBothChangesNothing() {
        measured(OURS, 70, 7, 70);
        measured(THEIRS, 100, 10, 100);

        assertEquals(Verdict.MET, judge(Condition.ratioAtLeast("", OURS, THEIRS, 0.7)));
        assertEquals(Verdict.MET, judge(Condition.ratioAtMost("", OURS, THEIRS, 0.71)));
    }

    @Test
    void aDifferenceIsTakenWithinARound() {
        measured(OURS, 20, 120);
        measured(THEIRS, 10, 110);

        assertEquals(Verdict.MET, judge(Condition.differenceAtMost("", OURS, THEIRS, 10, "µs")));
        assertEquals(Verdict.NOT_MET, judge(Condition.differenceAtMost("", OURS, THEIRS, 9.9, "µs")));
    }

    @Test
    void theWorstConditionDecides() {
        measured(OURS, 5);
        Condition met = Condition.atLeast("met", OURS, 5, "");
        Condition missed = Condition.atLeast("missed", OURS, 6, "");

        assertEquals(Verdict.MET, judge(met, met));
        assertEquals(Verdict.NOT_MET, judge(met, missed));
        assertEquals(Verdict.NOT_MEASURED, judge(met, missed, Condition.atLeast("", THEIRS, 1, "")));
    }

    @Test
    void whatWasMeasuredIsShownWithItsSpread() {
        measured(OURS, 0.61, 0.659, 0.7);
        measured(THEIRS, 1, 1, 1);
        Target target = Target.of(
                "a promise",
                Condition.ratioAtLeast("64 connections", OURS, THEIRS, 0.6),
                Condition.atMost("", OURS, 1, "ms"));

        assertEquals("64 connections: 0.66x (0.61–0.70); 0.66 ms (0.61–0.70)", target.measured(measurements));
    }
}
