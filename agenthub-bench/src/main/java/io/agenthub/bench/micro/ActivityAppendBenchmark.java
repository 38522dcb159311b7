package io.agenthub.bench.micro;

import io.agenthub.api.activity.Activity;
import io.agenthub.api.activity.ActivityStore;
import io.agenthub.api.hub.Hub;
import io.agenthub.api.hub.HubConfig;
import io.agenthub.api.hub.PartChoice;
import io.agenthub.bench.TemporaryFolder;
import io.agenthub.core.AgentHub;
import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How many activities a second does the SQLite store keep, and what does one cost its writer? A thousand are appended, then the
 * last one is waited for.
 *
 * <p>Baseline: a thousand entries into the JDK's bounded queue, taken out again.
 *
 * <p>{@code java -jar agenthub-bench/target/benchmarks.jar ActivityAppendBenchmark}
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@State(Scope.Benchmark)
public class ActivityAppendBenchmark {
    private static final int BATCH = 1_000;

    private final ArrayBlockingQueue<Activity> queue = new ArrayBlockingQueue<>(BATCH);
    private final Activity activity = Activity.builder(Activity.Kind.CALL, Instant.EPOCH)
            .client("bench")
            .server("stub")
            .method("tools/call")
            .tool("echo")
            .outcome(Activity.OK)
            .durationNanos(150_000)
            .bytes(120, 80)
            .build();
    private @Nullable TemporaryFolder folder;
    private @Nullable Hub hub;

    /**
     * Opens a store in a new folder.
     *
     * @throws IOException if there can be none
     */
    @Setup
    public void open() throws IOException {
        TemporaryFolder made = new TemporaryFolder();
        folder = made;
        hub = AgentHub.builder()
                .dataDirectory(made.path())
                .config(HubConfig.builder().activity(PartChoice.of("sqlite")).build())
                .build();
        hub.start().toCompletableFuture().join();
    }

    /**
     * Closes it.
     *
     * @throws IOException if its folder cannot be deleted
     */
    @TearDown
    public void close() throws IOException {
        if (hub != null) {
            hub.close();
        }
        if (folder != null) {
            folder.close();
        }
    }

    /**
     * Baseline: a queue.
     *
     * @return how many were in it
     */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public int queueOnly() {
        for (int i = 0; i < BATCH; i++) {
            queue.offer(activity);
        }
        int size = queue.size();
        queue.clear();
        return size;
    }

    /**
     * Appended and kept.
     *
     * @return the sequence of the last
     */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public @Nullable Long append() {
        if (hub == null) {
            return null;
        }
        ActivityStore store = hub.activities();
        CompletionStage<Long> last = store.append(activity);
        for (int i = 1; i < BATCH; i++) {
            last = store.append(activity);
        }
        return last.toCompletableFuture().join();
    }
}
