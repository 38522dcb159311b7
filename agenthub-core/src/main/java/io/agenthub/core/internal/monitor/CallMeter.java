package io.agenthub.core.internal.monitor;

import io.agenthub.api.ErrorKind;
import io.agenthub.api.activity.Activity;
import io.agenthub.api.monitor.Latency;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;

/** Counts ended calls by outcome and measures those that were answered. Thread-safe; counting allocates nothing. */
public final class CallMeter {
    /*
     * A call that was answered well, the common case, costs two additions: its bucket and the total time. How many there were is
     * what the buckets hold less the answered errors.
     */
    private static final List<String> OUTCOMES = outcomes();
    private static final Map<String, Integer> INDEX = index();
    private static final int ERROR = 1;
    private static final int LAST = Latency.BOUNDS.size();
    private static final long UNIT = Latency.BOUNDS.get(0).toNanos();

    private final LongAdder[] outcomes = adders(OUTCOMES.size());
    private final LongAdder[] buckets = adders(LAST + 1);
    private final LongAdder totalNanos = new LongAdder();

    private static List<String> outcomes() {
        List<String> all = new ArrayList<>(List.of(Activity.OK, Activity.ERROR));
        for (ErrorKind kind : ErrorKind.values()) {
            all.add(kind.name());
        }
        return List.copyOf(all);
    }

    private static Map<String, Integer> index() {
        Map<String, Integer> index = new HashMap<>();
        OUTCOMES.forEach(outcome -> index.put(outcome, index.size()));
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
            answered(nanos);
            return;
        }
        Integer index = INDEX.get(outcome);
        if (index != null) {
            outcomes[index].increment();
            if (index == ERROR) {
                answered(nanos);
            }
        }
    }

    private void answered(long nanos) {
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
        long errors = outcomes[ERROR].sum();
        long answered = latency().count();
        put(calls, Activity.OK, answered - errors);
        for (int i = ERROR; i < outcomes.length; i++) {
            put(calls, OUTCOMES.get(i), outcomes[i].sum());
        }
        return calls;
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
        List<Long> counts = new ArrayList<>(buckets.length);
        for (LongAdder bucket : buckets) {
            counts.add(bucket.sum());
        }
        return new Latency(counts, Duration.ofNanos(totalNanos.sum()));
    }
}
