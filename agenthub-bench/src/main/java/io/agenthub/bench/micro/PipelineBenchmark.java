package io.agenthub.bench.micro;

import io.agenthub.api.Promise;
import io.agenthub.api.activity.ActivityStore;
import io.agenthub.api.bridge.Bridge;
import io.agenthub.api.bridge.CallContext;
import io.agenthub.api.hub.CallOptions;
import io.agenthub.api.hub.Hub;
import io.agenthub.api.hub.McpServer;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.rpc.RpcRequest;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.core.AgentHub;
import io.agenthub.core.HubBuilder;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does the hub add to a call: permit, deadline, bounds and record, over a bridge that answers on the spot?
 *
 * <p>Baseline: the same bridge without a hub.
 *
 * <p>{@code java -jar agenthub-bench/target/benchmarks.jar PipelineBenchmark -prof gc}
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@State(Scope.Benchmark)
public class PipelineBenchmark {
    private static final JsonText PARAMS = JsonText.of("{\"name\":\"echo\",\"arguments\":{\"message\":\"hello\"}}");
    private static final CallOptions DIRECT = CallOptions.DEFAULT.withExecutor(Runnable::run);
    private static final CallContext NO_HUB = new NoHub();

    private final Bridge bridge = new InstantBridges.Instant();
    private @Nullable Hub plain;
    private @Nullable Hub recorded;

    /** Starts two hubs, one with a record and one without. */
    @Setup
    public void start() {
        plain = start(AgentHub.builder());
        ActivityStore store = new InstantStore();
        recorded = start(AgentHub.builder().activityStore(store));
    }

    private static Hub start(HubBuilder builder) {
        Hub hub = builder.bridge(new InstantBridges())
                .server(ServerSpec.builder("instant", "instant").build())
                .build();
        hub.start().toCompletableFuture().join();
        hub.server("instant").start().toCompletableFuture().join();
        return hub;
    }

    /** Closes the hubs. */
    @TearDown
    public void stop() {
        server(plain).stop();
        if (plain != null && recorded != null) {
            plain.close();
            recorded.close();
        }
    }

    private static McpServer server(@Nullable Hub hub) {
        if (hub == null) {
            throw new IllegalStateException("not started");
        }
        return hub.server("instant");
    }

    /**
     * Baseline: the bridge alone.
     *
     * @return the outcome
     */
    @Benchmark
    public CompletionStage<RpcOutcome> bridgeAlone() {
        return bridge.request("tools/call", PARAMS, NO_HUB);
    }

    /**
     * Through the hub, nothing recorded.
     *
     * @return the outcome
     */
    @Benchmark
    public CompletionStage<RpcOutcome> hub() {
        return server(plain).request("tools/call", PARAMS, DIRECT);
    }

    /**
     * Through the hub, each call recorded.
     *
     * @return the outcome
     */
    @Benchmark
    public CompletionStage<RpcOutcome> hubRecorded() {
        return server(recorded).request("tools/call", PARAMS, DIRECT);
    }

    /** The context of a call without a hub. */
    static final class NoHub implements CallContext {
        @Override
        public Duration remaining() {
            return Duration.ofSeconds(30);
        }

        @Override
        public boolean tryDispatch() {
            return true;
        }

        @Override
        public boolean wantsProgress() {
            return false;
        }

        @Override
        public void notified(RpcNotification notification) {
            // Nobody listens.
        }

        @Override
        public CompletionStage<RpcOutcome> asked(RpcRequest request) {
            return Promise.succeeded(InstantBridges.ANSWER);
        }
    }
}
