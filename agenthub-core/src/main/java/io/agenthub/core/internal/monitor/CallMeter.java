package io.agenthub.core.internal.monitor;

import io.agenthub.api.ErrorKind;
import io.agenthub.api.activity.Activity;
import io.agenthub.api.monitor.Latency;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;

/** Counts ended calls by outcome and measures those that were answered. Thread-safe; counting allocates nothing. */
public final class CallMeter {
    /*
     * A call that was answered well, the common case, costs two additions: its bucket and the total time. How many there were is
     * what the buckets hold; answered errors have buckets of their own, so that no number is a difference, which could go back.
     */
    private static final List<String> FAILURES =
            Arrays.stream(ErrorKind.values()).map(ErrorKind::name).toList();
    private static final Map<String, Integer> INDEX = index();
    private static final int LAST = Latency.BOUNDS.size();
    private static final long UNIT = Latency.BOUNDS.get(0).toNanos();

    private final LongAdder[] failures = adders(FAILURES.size());
    private final LongAdder[] well = adders(LAST + 1);
    private final LongAdder[] withError = adders(LAST + 1);
    private final LongAdder totalNanos = new LongAdder();

    private static Map<String, Integer> index() {
        Map<String, Integer> index = new HashMap<>();
        FAILURES.forEach(kind -> index.put(kind, index.size()));
        return index;
    }

    private static LongAdder[] adders(int count) {
        return IntStream.range(0, count).mapToObj(i -> new LongAdder()).toArray(LongAdder[]::new);
    }

    /**
     * Counts a call.
     *
     * @param outcome how it ended, as activities say it; any other is not counted
     * @param nanos how long it took
     */
    public void count(String outcome, long nanos) {
        if (outcome.equals(Activity.OK)) {
            answered(well, nanos);
        } else if (outcome.equals(Activity.ERROR)) {
            answered(withError, nanos);
        } else {
            Integer index = INDEX.get(outcome);
            if (index != null) {
                failures[index].increment();
            }
        }
    }

    private void answered(LongAdder[] buckets, long nanos) {
        buckets[bucket(nanos)].increment();
        totalNanos.add(nanos);
    }

    /** The first bucket whose bound, the unit times a power of two, is not below the time. */
    static int bucket(long nanos) {
        long units = (nanos - 1) / UNIT;
        return nanos <= UNIT ? 0 : Math.min(LAST, Long.SIZE - Long.numberOfLeadingZeros(units));
    }

    /**
     * Ended calls by outcome.
     *
     * @return those that were seen
     */
    public Map<String, Long> calls() {
        Map<String, Long> calls = new HashMap<>();
        put(calls, Activity.OK, sum(well));
        put(calls, Activity.ERROR, sum(withError));
        for (int i = 0; i < failures.length; i++) {
            put(calls, FAILURES.get(i), failures[i].sum());
        }
        return calls;
    }

    private static long sum(LongAdder[] buckets) {
        long sum = 0;
        for (LongAdder bucket : buckets) {
            sum += bucket.sum();
        }
        return sum;
    }

    private static void put(Map<String, Long> calls, String outcome, long count) {
        if (count > 0) {
            calls.put(outcome, count);
        }
    }

    /**
     * How long answered calls took.
     *
     * @return a snapshot
     */
    public Latency latency() {
        List<Long> counts = new ArrayList<>(well.length);
        for (int i = 0; i < well.length; i++) {
            counts.add(well[i].sum() + withError[i].sum());
        }
        return new Latency(counts, Duration.ofNanos(totalNanos.sum()));
    }
}
