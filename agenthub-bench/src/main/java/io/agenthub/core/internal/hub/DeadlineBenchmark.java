package io.agenthub.core.internal.hub;

import io.agenthub.core.internal.concurrent.ControlScheduler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does it cost a call with its server's time to have its deadline watched, among 64 that are under way?
 *
 * <p>Baseline: a timer of its own for each.
 *
 * <p>{@code java -jar agenthub-bench/target/benchmarks.jar DeadlineBenchmark}; with {@code -t 2} under contention
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@State(Scope.Benchmark)
public class DeadlineBenchmark {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final ControlScheduler scheduler = new ControlScheduler();
    private final DeadlineQueue queue = new DeadlineQueue(scheduler, TIMEOUT);

    /** The calls of one thread that are under way. */
    @State(Scope.Thread)
    public static class UnderWay {
        private static final int CALLS = 64;

        private final @Nullable Deadline[] calls = new Deadline[CALLS];
        private int oldest;

        /** Ends the oldest for one that begins. */
        private long turn(Deadline begun) {
            Deadline ended = calls[oldest];
            if (ended != null) {
                ended.cancel();
            }
            calls[oldest] = begun;
            oldest = (oldest + 1) % CALLS;
            begun.arm();
            return begun.end();
        }
    }

    private static void nothing() {
        // No call lasts so long.
    }

    /** Ends the scheduler. */
    @TearDown
    public void stop() {
        scheduler.close();
    }

    private Deadline deadline(@Nullable DeadlineQueue watching) {
        return new Deadline(scheduler, scheduler.nanoTime(), TIMEOUT, watching, DeadlineBenchmark::nothing);
    }

    /**
     * Baseline: a timer for each.
     *
     * @param calls those under way
     * @return when the newest is over
     */
    @Benchmark
    public long timerEach(UnderWay calls) {
        return calls.turn(deadline(null));
    }

    /**
     * The queue, with one timer for all.
     *
     * @param calls those under way
     * @return when the newest is over
     */
    @Benchmark
    public long queued(UnderWay calls) {
        return calls.turn(deadline(queue));
    }
}
