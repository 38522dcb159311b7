package io.agenthub.bench.micro;

import io.agenthub.api.breaker.BreakerPolicy;
import io.agenthub.core.internal.breaker.CallBreaker;
import io.agenthub.core.internal.concurrent.ControlScheduler;
import java.util.concurrent.TimeUnit;
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
 * What does the breaker cost a call: a permit taken, and given back as a success?
 *
 * <p>Baseline: a breaker that is switched off.
 *
 * <p>{@code java -jar agenthub-bench/target/benchmarks.jar BreakerBenchmark}; with {@code -t 2} under contention
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@State(Scope.Benchmark)
public class BreakerBenchmark {
    private final ControlScheduler scheduler = new ControlScheduler();
    private final CallBreaker on = new CallBreaker("bench", BreakerPolicy.DEFAULT, scheduler, (name, from, to) -> {});
    private final CallBreaker off = new CallBreaker("bench", BreakerPolicy.OFF, scheduler, (name, from, to) -> {});

    /** Ends the clock. */
    @TearDown
    public void stop() {
        scheduler.close();
    }

    /**
     * Baseline: nothing is guarded.
     *
     * @return the permit
     */
    @Benchmark
    public long switchedOff() {
        long permit = off.acquire();
        off.succeeded(permit);
        return permit;
    }

    /**
     * The defaults, closed.
     *
     * @return the permit
     */
    @Benchmark
    public long closed() {
        long permit = on.acquire();
        on.succeeded(permit);
        return permit;
    }
}
