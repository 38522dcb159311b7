package io.agenthub.bench.load.part;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** A closed loop without sockets: some slots, each with one call under way all the time. Thread-safe. */
final class Slots {

    /** Makes calls. */
    @FunctionalInterface
    interface Caller {
        /**
         * Makes one call.
         *
         * @param slot who calls; the answer has to show it
         * @param done told once, on any thread, whether the answer was right
         */
        void call(int slot, Done done);
    }

    /** Hears the end of a call. */
    @FunctionalInterface
    interface Done {
        void done(boolean right);
    }

    private static final long HIGHEST = TimeUnit.MINUTES.toNanos(10);

    private final Histogram latency = new ConcurrentHistogram(HIGHEST, 3);
    private final LongAdder inTime = new LongAdder();
    private final LongAdder wrong = new LongAdder();
    private final Caller caller;
    private final CountDownLatch open;
    private final long begun = System.nanoTime();
    private final Duration span;

    private Slots(Caller caller, int slots, Duration span) {
        this.caller = caller;
        this.open = new CountDownLatch(slots);
        this.span = span;
    }

    /** Keeps slots busy for a time, and waits for the last answers. With no time, each slot calls once. */
    static Slots run(Caller caller, int count, Duration span) throws InterruptedException {
        Slots slots = new Slots(caller, count, span);
        for (int slot = 0; slot < count; slot++) {
            slots.send(slot);
        }
        if (!slots.open.await(span.toMillis() + 60_000, TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException(slots.open.getCount() + " calls were never answered");
        }
        return slots;
    }

    private void send(int slot) {
        long sent = System.nanoTime();
        caller.call(slot, right -> ended(slot, sent, right));
    }

    private void ended(int slot, long sent, boolean right) {
        long now = System.nanoTime();
        if (right) {
            latency.recordValue(Math.min(HIGHEST, now - sent));
        } else {
            wrong.increment();
        }
        if (now - begun < span.toNanos()) {
            inTime.increment();
            send(slot);
        } else {
            open.countDown();
        }
    }

    double rate() {
        return inTime.sum() / (span.toNanos() / 1e9);
    }

    double micros(double percentile) {
        return latency.getValueAtPercentile(percentile) / 1e3;
    }

    long answered() {
        return latency.getTotalCount();
    }

    long wrong() {
        return wrong.sum();
    }
}
