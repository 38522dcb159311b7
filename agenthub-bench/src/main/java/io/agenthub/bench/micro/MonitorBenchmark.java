package io.agenthub.bench.micro;

import io.agenthub.api.hub.CallOptions;
import io.agenthub.api.hub.Hub;
import io.agenthub.api.hub.HubConfig;
import io.agenthub.api.hub.McpServer;
import io.agenthub.api.monitor.MonitorPolicy;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.bench.TemporaryFolder;
import io.agenthub.bench.load.proc.StubCommand;
import io.agenthub.core.AgentHub;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does monitoring cost a call: {@code on} against the baseline {@code off}?
 *
 * <p>{@code pipelined} and {@code roundTrip} call a real child process through the hub; {@code pipelineAlone} calls a bridge that
 * answers on the spot, where the few additions are all there is to see. The caller names itself, so that its own meter is counted,
 * too.
 *
 * <p>{@code java -jar agenthub-bench/target/benchmarks.jar MonitorBenchmark -prof gc}
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 6, time = 1)
@Fork(4)
@State(Scope.Benchmark)
public class MonitorBenchmark {
    private static final JsonText PARAMS = JsonText.of("{\"name\":\"echo\",\"arguments\":{\"message\":\"hello\"}}");
    private static final CallOptions DIRECT =
            CallOptions.DEFAULT.withExecutor(Runnable::run).withClient("bench");
    private static final int BATCH = 1_000;
    private static final int IN_FLIGHT = 64;

    /** Whether the hub is monitored. */
    @Param({"off", "on"})
    public String monitor = "off";

    private final Semaphore room = new Semaphore(IN_FLIGHT);
    private @Nullable TemporaryFolder folder;
    private @Nullable Hub hub;

    /**
     * Starts the child.
     *
     * @throws IOException if it cannot be started
     */
    @Setup
    public void start() throws IOException {
        TemporaryFolder made = new TemporaryFolder();
        folder = made;
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        List<String> command = StubCommand.install(java, made.path()).fast();
        MonitorPolicy policy = monitor.equals("on") ? MonitorPolicy.DEFAULT : MonitorPolicy.OFF;
        Hub started = AgentHub.builder()
                .config(HubConfig.builder().monitor(policy).build())
                .bridge(new InstantBridges())
                .server(ServerSpec.stdio("stub", command.toArray(String[]::new)).build())
                .server(ServerSpec.builder("instant", "instant").build())
                .build();
        started.start().toCompletableFuture().join();
        started.server("stub").start().toCompletableFuture().join();
        started.server("instant").start().toCompletableFuture().join();
        hub = started;
    }

    /**
     * Ends the child.
     *
     * @throws IOException if its folder cannot be deleted
     */
    @TearDown
    public void stop() throws IOException {
        if (hub != null) {
            hub.close();
        }
        if (folder != null) {
            folder.close();
        }
    }

    private McpServer server(String name) {
        if (hub == null) {
            throw new IllegalStateException("not started");
        }
        return hub.server(name);
    }

    /**
     * Calls to a child, many in flight.
     *
     * @throws InterruptedException never
     */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void pipelined() throws InterruptedException {
        McpServer stub = server("stub");
        for (int i = 0; i < BATCH; i++) {
            room.acquire();
            stub.request("tools/call", PARAMS, DIRECT).whenComplete((outcome, failure) -> room.release());
        }
        room.acquire(IN_FLIGHT);
        room.release(IN_FLIGHT);
    }

    /**
     * One call to a child at a time.
     *
     * @return the outcome
     */
    @Benchmark
    public RpcOutcome roundTrip() {
        return server("stub")
                .request("tools/call", PARAMS, DIRECT)
                .toCompletableFuture()
                .join();
    }

    /**
     * The hub's part of a call alone.
     *
     * @return the outcome
     */
    @Benchmark
    public CompletionStage<RpcOutcome> pipelineAlone() {
        return server("instant").request("tools/call", PARAMS, DIRECT);
    }
}
