package io.agenthub.bench.load.http;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Counts what happens during one run. Confined to the event loop. */
final class Recorder {
    private static final long HIGHEST = TimeUnit.MINUTES.toNanos(10);
    private static final int DIGITS = 3;

    private final Histogram latency = new Histogram(HIGHEST, DIGITS);
    private final Histogram lateness = new Histogram(HIGHEST, DIGITS);
    private long sent;
    private long answered;
    private long inTime;
    private long errors;
    private long mismatches;

    void sent() {
        sent++;
    }

    void late(long nanos) {
        lateness.recordValue(Math.max(0, nanos));
    }

    void answered(long nanos, boolean beforeEnd) {
        latency.recordValue(Math.min(HIGHEST, Math.max(0, nanos)));
        answered++;
        if (beforeEnd) {
            inTime++;
        }
    }

    void error() {
        errors++;
    }

    void mismatch() {
        mismatches++;
    }

    /** Calls that were sent and have not ended. */
    long open() {
        return sent - answered - errors - mismatches;
    }

    LoadResult result(Duration span) {
        return new LoadResult(latency, lateness, sent, answered, inTime, errors + open(), mismatches, span);
    }
}
