package io.agenthub.bench.micro;

import io.agenthub.api.Scheduler;
import io.agenthub.core.internal.concurrent.ControlScheduler;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
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
 * What does it cost a call with a time of its own to arm its deadline and to disarm it again?
 *
 * <p>Baseline: the JDK's scheduled thread pool, which keeps a heap.
 *
 * <p>{@code java -jar agenthub-bench/target/benchmarks.jar SchedulerBenchmark}; with {@code -t 2} under contention
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@State(Scope.Benchmark)
public class SchedulerBenchmark {
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final ControlScheduler scheduler = new ControlScheduler();
    private final ScheduledThreadPoolExecutor pool = pool();

    private static void nothing() {
        // Never due.
    }

    private static ScheduledThreadPoolExecutor pool() {
        ScheduledThreadPoolExecutor made = new ScheduledThreadPoolExecutor(1);
        made.setRemoveOnCancelPolicy(true);
        return made;
    }

    /** Ends both. */
    @TearDown
    public void stop() {
        scheduler.close();
        pool.shutdownNow();
    }

    /**
     * Baseline: the JDK.
     *
     * @return the task
     */
    @Benchmark
    public ScheduledFuture<?> scheduledThreadPool() {
        ScheduledFuture<?> task =
                pool.schedule(SchedulerBenchmark::nothing, DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
        task.cancel(false);
        return task;
    }

    /**
     * The hub's own scheduler.
     *
     * @return the task
     */
    @Benchmark
    public Scheduler.Task armAndDisarm() {
        Scheduler.Task task = scheduler.schedule(DEADLINE, SchedulerBenchmark::nothing);
        task.cancel();
        return task;
    }
}
