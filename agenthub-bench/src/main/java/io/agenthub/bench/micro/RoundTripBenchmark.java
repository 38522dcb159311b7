package io.agenthub.bench.micro;

import io.agenthub.api.hub.CallOptions;
import io.agenthub.api.hub.Hub;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.bench.TemporaryFolder;
import io.agenthub.bench.load.peer.PipeChild;
import io.agenthub.bench.load.proc.StubCommand;
import io.agenthub.core.AgentHub;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long does a thread wait for an echo of a real child process, through the hub on each transport?
 *
 * <p>Baseline: the bare transport ({@code pipe}), which frames lines and knows nothing of JSON. Linux only.
 *
 * <p>{@code java -jar agenthub-bench/target/benchmarks.jar RoundTripBenchmark}
 */
@BenchmarkMode({Mode.AverageTime, Mode.SampleTime})
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@State(Scope.Benchmark)
public class RoundTripBenchmark {
    private static final JsonText PARAMS = JsonText.of("{\"name\":\"echo\",\"arguments\":{\"message\":\"hello\"}}");
    private static final byte[] LINE = ("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":" + PARAMS
                    + "}\n")
            .getBytes(StandardCharsets.US_ASCII);
    private static final CallOptions DIRECT = CallOptions.DEFAULT.withExecutor(Runnable::run);

    /** How the child is reached. */
    @Param({"pipe", "epoll", "threads"})
    public String transport = "pipe";

    private final MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private @Nullable PipeChild child;
    private @Nullable TemporaryFolder folder;
    private @Nullable Hub hub;
    private volatile CompletableFuture<@Nullable Void> answered = new CompletableFuture<>();

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
        if (transport.equals("pipe")) {
            child = PipeChild.start(loops.next(), command, (bytes, from, to) -> answered.complete(null));
        } else {
            hub = AgentHub.builder()
                    .server(ServerSpec.stdio("stub", command.toArray(String[]::new))
                            .setting("transport", transport)
                            .build())
                    .build();
            hub.start().toCompletableFuture().join();
        }
    }

    /**
     * Ends the child.
     *
     * @throws IOException if its folder cannot be deleted
     */
    @TearDown
    public void stop() throws IOException {
        if (child != null) {
            child.close();
        }
        if (hub != null) {
            hub.close();
        }
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        if (folder != null) {
            folder.close();
        }
    }

    /**
     * One echo.
     *
     * @return the outcome; null on the bare transport
     */
    @Benchmark
    public @Nullable RpcOutcome echo() {
        if (hub != null) {
            return hub.server("stub")
                    .request("tools/call", PARAMS, DIRECT)
                    .toCompletableFuture()
                    .join();
        }
        CompletableFuture<@Nullable Void> answer = new CompletableFuture<>();
        answered = answer;
        loops.next().execute(this::send);
        answer.join();
        return null;
    }

    private void send() {
        PipeChild pipe = child;
        if (pipe != null) {
            pipe.output().writeBytes(LINE);
            pipe.flushSoon();
        }
    }
}
