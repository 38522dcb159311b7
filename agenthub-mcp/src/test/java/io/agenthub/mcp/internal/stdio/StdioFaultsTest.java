package io.agenthub.mcp.internal.stdio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.AgentHubException;
import io.agenthub.api.BusyException;
import io.agenthub.api.ErrorKind;
import io.agenthub.api.bridge.Bridge;
import io.agenthub.api.bridge.BridgeClosedException;
import io.agenthub.api.bridge.BridgeExit;
import io.agenthub.api.bridge.ConnectException;
import io.agenthub.api.bridge.Connector;
import io.agenthub.api.bridge.FrameTooLongException;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.server.ServerLimits;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.tck.Await;
import io.agenthub.tck.RecordingCallContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a child process can do to a hub, done to it. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class StdioFaultsTest extends StdioFixture {
    private static final int CAP = ServerLimits.DEFAULT.maxFrameBytes();

    private static void signal(String name, long pid) {
        try {
            int code = new ProcessBuilder("/bin/sh", "-c", "kill -s " + name + " " + pid)
                    .start()
                    .waitFor();
            assertEquals(0, code, "kill -s " + name);
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Returns once every thread stands still; the signal alone is only on its way. Where there is no {@code /proc}, it has to do. */
    private static void stop(long pid) {
        signal("STOP", pid);
        Path threads = Path.of("/proc", String.valueOf(pid), "task");
        Await.until("the process stands still", () -> {
            try (Stream<Path> each = Files.exists(threads) ? Files.list(threads) : Stream.empty()) {
                return each.allMatch(StdioFaultsTest::standsStill);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static boolean standsStill(Path thread) {
        try {
            return Files.readString(thread.resolve("status")).contains("State:\tT");
        } catch (IOException e) {
            return true; // it ended meanwhile
        }
    }

    private static long usedHeap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    // Long lines

    @Test
    void anAnswerOfSixteenMebibytesArrivesAndOneByteMoreFailsAlone() {
        Bridge bridge = open(fake());
        Await.value(call(bridge, "big", "{\"bytes\":" + (CAP - 1) + "}")).orThrow();
        assertTrue(Await.value(call(bridge, "big", "{\"bytes\":" + CAP + "}"))
                        .orThrow()
                        .length()
                > CAP - 100);
        FrameTooLongException failure =
                Await.failure(FrameTooLongException.class, call(bridge, "big", "{\"bytes\":" + (CAP + 1) + "}"));
        assertEquals(CAP, failure.maxFrameBytes());
        assertEquals("{}", data(call(bridge, "echo", "{}")).toString());
    }

    @Test
    void aLineOfTwoHundredMebibytesFailsItsOwnCallAndCostsLittleMemory() {
        Bridge bridge = open(shell("read l; printf '{\"result\":{\"x\":\"'; head -c 209715200 /dev/zero | tr '\\0' y;"
                + "printf '\"},\"jsonrpc\":\"2.0\",\"id\":2}\\n'; read l;"
                + "echo '{\"jsonrpc\":\"2.0\",\"id\":3,\"result\":{\"structuredContent\":1}}'; " + READ_ON));
        long before = usedHeap();
        Await.failure(FrameTooLongException.class, call(bridge, "any", "{}"));
        assertEquals("1", data(call(bridge, "any", "{}")).toString());
        assertTrue(usedHeap() - before < 8 << 20, "memory kept: " + (usedHeap() - before));
    }

    /** Reads one request and answers it with a line that is longer than {@link #opening} allows. */
    private static final String ANSWER_TOO_LONG = "read l; printf '{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"x\":\"';"
            + "head -c 200000 /dev/zero | tr '\\0' y; echo '\"}}'; ";

    private static ServerSpec.Builder opening(String protocol, String script) {
        return ServerSpec.stdio("shell", "/bin/sh", "-c", script)
                .setting("protocol", protocol)
                .limits(new ServerLimits(16, 1 << 20, 0, 100_000));
    }

    @ParameterizedTest
    @ValueSource(strings = {"legacy", "modern"})
    void aFirstAnswerThatIsTooLongFailsTheStartWithThatReason(String protocol) {
        ConnectException failure =
                Await.failure(ConnectException.class, connect(opening(protocol, ANSWER_TOO_LONG + READ_ON)));
        assertEquals(ErrorKind.FRAME_TOO_LARGE, failure.kind());
        assertTrue(failure.getMessage().contains("maxFrameBytes"), failure.getMessage());
        assertTrue(failure.exit().isPresent());
    }

    @Test
    void aServerKnownAsStatelessWhoseAnswerIsTooLongIsInitialized(@TempDir Path folder) {
        String first =
                "read l; echo '{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"supportedVersions\":[\"2026-07-28\"]}}'; ";
        String then = ANSWER_TOO_LONG + HANDSHAKE.replace("\"id\":1", "\"id\":2");
        String script = "if mkdir '" + folder.resolve("first") + "'; then " + first + "else " + then + "fi; " + READ_ON;
        Connector connector = connector(opening("auto", script));
        for (String era : List.of("2026-07-28", "2025-11-25")) {
            Bridge bridge = Await.value(connector.connect(request(PATIENCE)));
            assertEquals(era, bridge.info().protocolVersion());
            Await.value(bridge.closeAsync());
        }
    }

    @Test
    void noiseInTheMiddleOfAFrameCostsThatFrameAlone() {
        Bridge bridge =
                open(shell("read l; printf '{\"jsonrpc\":\"2.0\",\"id\":2,WARN: disk almost full\\n\"result\":{}}\\n';"
                        + "echo '{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{\"structuredContent\":1}}'; " + READ_ON));
        assertEquals("1", data(call(bridge, "any", "{}")).toString());
        assertEquals(2, bridge.stats().noise());
    }

    // Floods

    @Test
    void aGibibyteOfErrorOutputIsDrainedAndHoldsUpNothing() {
        Bridge bridge = open(shell("head -c 1073741824 /dev/zero >&2; read l;"
                + "echo '{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{\"structuredContent\":1}}'; " + READ_ON));
        Bridge other = open(fake());
        CompletionStage<RpcOutcome> behind = call(bridge, "any", "{}");
        assertEquals("{}", data(call(other, "echo", "{}")).toString());
        assertEquals("1", data(behind).toString());
    }

    @Test
    void aFloodOfNotificationsIsHeldBackByTheChildsOwnPipe() {
        String line = "{\"jsonrpc\":\"2.0\",\"method\":\"n\",\"params\":\"" + "x".repeat(500) + "\"}";
        Bridge flooding = open(shell("yes '" + line + "'"));
        Bridge other = open(fake());
        long before = usedHeap();
        Await.until("a flood", () -> flooding.stats().noise() > 200_000);
        long start = System.nanoTime();
        for (int i = 0; i < 50; i++) {
            assertEquals("{}", data(call(other, "echo", "{}")).toString());
        }
        long each = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start) / 50;
        assertTrue(each < 500, "calls of another server take " + each + " ms");
        assertTrue(usedHeap() - before < 32 << 20, "memory grew by " + (usedHeap() - before));
        Await.value(flooding.closeAsync());
    }

    @Test
    void aListenerIsToldEveryNotificationOfAFloodInOrder() {
        int count = 20_000;
        Bridge bridge = open(shell("i=0; while [ $i -lt " + count + " ]; do i=$((i+1));"
                + "echo '{\"jsonrpc\":\"2.0\",\"method\":\"n\",\"params\":['$i']}'; done; " + READ_ON));
        Await.until("all are heard", () -> heard.size() == count);
        assertEquals("[1]", String.valueOf(heard.get(0).params()));
        assertEquals("[" + count + "]", String.valueOf(heard.get(count - 1).params()));
        assertFalse(bridge.whenClosed().toCompletableFuture().isDone());
    }

    // Deaf servers

    @Test
    void aServerThatNeverReadsHoldsUpNobodyAndIsRefusedAtOnce() {
        Bridge deaf = open(shell("sleep 60").limits(new ServerLimits(100, 256 << 10, 0, 1 << 20)));
        Bridge other = open(fake());
        String arguments = "{\"fill\":\"" + "x".repeat(60 << 10) + "\"}";
        CompletionStage<RpcOutcome> last = call(deaf, "any", arguments);
        long took = 0;
        for (int i = 0; i < 100 && !last.toCompletableFuture().isDone(); i++) {
            long start = System.nanoTime();
            last = call(deaf, "any", arguments);
            took = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - start);
        }
        Await.failure(BusyException.class, last);
        assertTrue(took < 100_000, "refused after " + took + " us");
        assertEquals("{}", data(call(other, "echo", "{}")).toString());
    }

    // Stopped servers

    @Test
    void aStoppedServerGoesOnWhereItWasWhenItIsContinued() {
        Bridge bridge = open(fake());
        long pid = bridge.stats().pid().orElseThrow();
        stop(pid);
        CompletionStage<RpcOutcome> waiting = call(bridge, "echo", "{\"after\":1}");
        Await.never(Duration.ofMillis(300), "an answer of a stopped server", waiting.toCompletableFuture()::isDone);
        assertFalse(bridge.whenClosed().toCompletableFuture().isDone());
        signal("CONT", pid);
        assertEquals("{\"after\":1}", data(waiting).toString());
    }

    @Test
    void aStoppedServerCanBeClosed() {
        Bridge bridge = open(fake());
        stop(bridge.stats().pid().orElseThrow());
        long start = System.nanoTime();
        Await.value(bridge.closeAsync());
        long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        assertTrue(took < 10_000, "closed after " + took + " ms");
        assertEquals(OptionalInt.of(9), Await.value(bridge.whenClosed()).signal());
    }

    // Exits

    @Test
    void anExitWhileIdleIsSeenAtOnce() {
        Bridge bridge = open(fake());
        long start = System.nanoTime();
        signal("KILL", bridge.stats().pid().orElseThrow());
        BridgeExit exit = Await.value(bridge.whenClosed());
        long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        assertEquals(BridgeExit.Cause.EXITED, exit.cause());
        assertEquals(OptionalInt.of(9), exit.signal());
        assertTrue(took < 2_000, "seen after " + took + " ms");
    }

    @Test
    void aKilledServerFailsItsCallsWithinMillisecondsAndTellsTheTruth() {
        long[] micros = new long[20];
        for (int round = 0; round < micros.length; round++) {
            Bridge bridge = open(shell(READ_ON));
            RecordingCallContext context = new RecordingCallContext();
            CompletionStage<RpcOutcome> pending = call(bridge, "any", "{}", context);
            Await.until("it is sent", () -> context.dispatches() == 1);
            long start = System.nanoTime();
            ProcessHandle.of(bridge.stats().pid().orElseThrow()).orElseThrow().destroyForcibly();
            BridgeClosedException failure = Await.failure(BridgeClosedException.class, pending);
            micros[round] = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - start);
            assertTrue(failure.dispatched());
            assertEquals(OptionalInt.of(9), failure.exit().signal());
        }
        Arrays.sort(micros);
        System.out.println(transport() + ": a killed server fails its calls after " + micros[10] + " us, at most "
                + micros[19] + " us");
        assertTrue(micros[10] < 250_000, "median " + micros[10] + " us");
    }

    @Test
    void everyCallEndsOnceWhenAServerIsKilledUnderLoad() {
        Bridge bridge = open(fake());
        List<CompletionStage<RpcOutcome>> calls = new ArrayList<>();
        List<RecordingCallContext> contexts = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            RecordingCallContext context = new RecordingCallContext();
            contexts.add(context);
            calls.add(call(bridge, i % 3 == 0 ? "never" : "echo", "{\"n\":" + i + "}", context));
            if (i == 2_000) {
                ProcessHandle.of(bridge.stats().pid().orElseThrow())
                        .orElseThrow()
                        .destroyForcibly();
            }
        }
        int answered = 0;
        for (int i = 0; i < calls.size(); i++) {
            Await.Outcome<RpcOutcome> outcome = Await.outcome(Await.PATIENCE, calls.get(i));
            if (outcome.failure() == null) {
                answered++;
                assertEquals(
                        "{\"n\":" + i + "}",
                        outcome.value()
                                .orThrow()
                                .member("structuredContent")
                                .map(JsonText::toString)
                                .orElse(""));
            } else {
                AgentHubException failure = (AgentHubException) outcome.failure();
                assertEquals(contexts.get(i).dispatches() > 0, failure.dispatched(), failure.getMessage());
            }
        }
        assertTrue(answered < 3_000);
        Await.value(bridge.whenClosed());
        assertEquals(0, bridge.stats().inFlight());
        assertEquals(0, bridge.stats().queuedBytes());
    }

    @Test
    void manyStartsAndEndsLeaveNothingBehind() throws IOException {
        Await.value(open(shell(READ_ON)).closeAsync());
        Await.until("the first is gone", () -> descriptors() >= 0 && ownThreads() == 0);
        int before = descriptors();
        for (int i = 0; i < 60; i++) {
            Bridge bridge = open(shell(READ_ON));
            if (i % 2 == 0) {
                Await.value(bridge.closeAsync());
            } else {
                ProcessHandle.of(bridge.stats().pid().orElseThrow())
                        .orElseThrow()
                        .destroyForcibly();
                Await.value(bridge.whenClosed());
            }
        }
        Await.until("our threads are gone", () -> ownThreads() == 0);
        Await.until("descriptors are back to " + before, () -> descriptors() <= before);
        Await.until("no child is left", () -> ProcessHandle.current().children().noneMatch(ProcessHandle::isAlive));
    }

    @Test
    void memoryForLongLinesGoesWithTheLastChild() {
        long most = 0;
        for (int i = 0; i < 4; i++) {
            Bridge bridge = open(fake());
            data(call(bridge, "big", "{\"bytes\":" + CAP / 2 + "}"));
            Await.value(bridge.closeAsync());
            if (i == 0) {
                Await.until("our threads are gone", () -> ownThreads() == 0);
                most = directMemory() + CAP / 4;
            }
        }
        long bound = most;
        Await.until("direct memory is given back", () -> directMemory() <= bound);
    }

    private static long directMemory() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }

    @Test
    void whoeverOccupiesTheCommonPoolHoldsUpNobody() {
        CountDownLatch over = new CountDownLatch(1);
        for (int i = 0; i < 2 * ForkJoinPool.getCommonPoolParallelism() + 2; i++) {
            ForkJoinPool.commonPool().execute(() -> waitFor(over));
        }
        try {
            Bridge killed = open(fake());
            assertEquals("3", data(call(killed, "add", "{\"a\":1,\"b\":2}")).toString());
            CompletionStage<RpcOutcome> pending = call(killed, "delay", "{\"ms\":60000}");
            ProcessHandle.of(killed.stats().pid().orElseThrow()).orElseThrow().destroyForcibly();
            Await.failure(BridgeClosedException.class, pending);
            assertEquals(OptionalInt.of(9), Await.value(killed.whenClosed()).signal());

            Await.value(open(shell(READ_ON)).closeAsync());
        } finally {
            over.countDown();
        }
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            assertTrue(latch.await(60, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static int descriptors() {
        String[] open = new java.io.File("/proc/self/fd").list();
        return open == null ? 0 : open.length;
    }

    private static long ownThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("agenthub-"))
                .count();
    }
}
