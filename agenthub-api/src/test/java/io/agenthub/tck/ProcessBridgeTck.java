package io.agenthub.tck;

import static io.agenthub.tck.StageContract.assertFailsUnwrapped;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.BusyException;
import io.agenthub.api.ErrorKind;
import io.agenthub.api.bridge.Bridge;
import io.agenthub.api.bridge.BridgeClosedException;
import io.agenthub.api.bridge.BridgeExit;
import io.agenthub.api.bridge.ConnectException;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.server.ServerLimits;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * What a bridge to a child process keeps beyond {@link BridgeTck}: it survives anything the process writes, tells how it ended,
 * and leaves nothing of it behind.
 */
public abstract class ProcessBridgeTck extends BridgeTck {
    private static final String ANY = "{}";

    /** For subclasses. */
    protected ProcessBridgeTck() {}

    // Start

    @Test
    void aProcessThatExitsAtOnceFailsTheAttemptAtOnceWithCodeAndStderr() {
        ConnectException failure = assertFailsUnwrapped(
                ConnectException.class, connect(ServerLimits.DEFAULT, Await.PATIENCE, "stderr=no license", "exit=3"));
        assertEquals(ErrorKind.CHILD_EXITED, failure.kind());
        assertEquals(OptionalInt.of(3), failure.exit().orElseThrow().code());
        assertTrue(failure.exit().orElseThrow().stderrTail().contains("no license"));
        assertNothingIsLeft();
    }

    @Test
    void aProcessThatExitsDuringTheHandshakeFailsTheAttemptAtOnce() {
        ConnectException failure = assertFailsUnwrapped(
                ConnectException.class, connect(ServerLimits.DEFAULT, Await.PATIENCE, "initialize=exit"));
        assertEquals(ErrorKind.CHILD_EXITED, failure.kind());
        assertNothingIsLeft();
    }

    @Test
    void aFailedAttemptLeavesNothing() {
        CompletionStage<Bridge> stage = connect(
                ServerLimits.DEFAULT, Duration.ofMillis(1_500), "initialize=never", "ignore-eof", "ignore-term");
        assertEquals(
                ErrorKind.INIT_TIMEOUT,
                assertFailsUnwrapped(ConnectException.class, stage).kind());
        assertNothingIsLeft();
    }

    @Test
    void cancellingAnAttemptEndsWhatItStarted() {
        CompletionStage<Bridge> stage = connect(ServerLimits.DEFAULT, Await.PATIENCE, "initialize=never");
        Await.until("the process runs", this::anyProcess);
        assertTrue(stage.toCompletableFuture().cancel(true));
        assertNothingIsLeft();
    }

    @Test
    void noiseBeforeTheHandshakeIsSkippedAndCounted() {
        Bridge bridge = bridge("noise", "stderr=starting", "notify-first");
        assertEquals("{}", data(call(bridge, "echo", ANY)).toString());
        assertTrue(bridge.stats().noise() > 0, "noise is not counted");
    }

    @Test
    void aProcessThatStartsSlowlyIsWaitedFor() {
        assertEquals("{}", data(call(bridge("slow-start=700"), "echo", ANY)).toString());
    }

    @Test
    void thePidIsTheServersOrThatOfItsWrapper() {
        Bridge bridge = bridge();
        assertTrue(isAlive(bridge.stats().pid().orElseThrow()));
    }

    // Output

    @Test
    void noiseBetweenMessagesIsSkippedAndCounted() {
        Bridge bridge = bridge();
        Await.value(call(bridge, "noise", "{\"rounds\":10}"));
        assertEquals("{}", data(call(bridge, "echo", ANY)).toString());
        long lines = 11L * FakeServerNoise.COUNT;
        Await.until(lines + " lines of noise", () -> bridge.stats().noise() >= lines);
    }

    @Test
    void aMessageCutAtEveryByteIsReadAsOne() {
        assertEquals("\"a é 漢 😀 z\"", data(call(bridge(), "split-utf8", ANY)).toString());
    }

    @Test
    void wrongAnswersAreCountedAndReachNobody() {
        Bridge bridge = bridge();
        int wrong = 0;
        for (String kind : List.of("wrong-id", "no-id", "null-id", "both", "duplicate")) {
            assertEquals(
                    "{\"kind\":\"" + kind + "\"}",
                    data(call(bridge, kind, "{\"kind\":\"" + kind + "\"}")).toString());
            wrong++;
            long expected = wrong;
            Await.until(
                    kind + " is counted",
                    () -> bridge.stats().orphans() + bridge.stats().noise() >= expected);
        }
        assertEquals(0, bridge.stats().inFlight());
    }

    @Test
    void anAnswerWhoseIdCameBackAsAStringIsAccepted() {
        assertEquals("null", data(call(bridge(), "stringified", ANY)).toString());
    }

    @Test
    void aFloodOfErrorOutputIsDrained() {
        Bridge bridge = bridge();
        data(call(bridge, "stderr", "{\"bytes\":16000000,\"newlines\":false}"));
        data(call(bridge, "stderr", "{\"bytes\":16000000}"));
        assertEquals("{}", data(call(bridge, "echo", ANY)).toString());
    }

    @Test
    void closedErrorOutputMeansNothing() {
        Bridge bridge = bridge();
        data(call(bridge, "close-stderr", ANY));
        assertEquals("{}", data(call(bridge, "echo", ANY)).toString());
        assertFalse(bridge.whenClosed().toCompletableFuture().isDone());
    }

    @Test
    void aFloodOfNotificationsHoldsUpNoAnswer() {
        Bridge bridge = bridge();
        data(call(bridge, "flood", "{\"count\":20000}"));
        assertEquals("{}", data(call(bridge, "echo", ANY)).toString());
    }

    // Input

    @Test
    void aServerThatStopsReadingFillsItsQueueAndIsThenRefusedWithBusy() {
        int queue = 512 << 10;
        Bridge bridge = bridge(new ServerLimits(100_000, queue, 0, 1 << 20));
        data(call(bridge, "stop-reading", ANY));
        String arguments = arguments("text", filling(16 << 10));
        RecordingCallContext refused = new RecordingCallContext();
        CompletionStage<RpcOutcome> last = null;
        for (int i = 0; i < 200 && !isFailed(last); i++) {
            refused = new RecordingCallContext();
            last = call(bridge, "echo", arguments, refused);
        }
        BusyException busy = assertFailsUnwrapped(BusyException.class, last);
        assertEquals("maxQueuedBytes", busy.bound());
        assertFalse(busy.dispatched());
        assertEquals(0, refused.dispatches());
        assertTrue(
                bridge.stats().queuedBytes() <= queue,
                "the queue holds " + bridge.stats().queuedBytes());
        assertFalse(bridge.whenClosed().toCompletableFuture().isDone(), "a deaf server is not a dead one");
    }

    private static boolean isFailed(CompletionStage<?> stage) {
        return stage != null && stage.toCompletableFuture().isCompletedExceptionally();
    }

    @Test
    void whatADeafServerNeverGotIsNotDispatched() {
        Bridge bridge = bridge();
        data(call(bridge, "stop-reading", ANY));
        String arguments = arguments("text", filling(1 << 20));
        CompletionStage<RpcOutcome> first = call(bridge, "echo", arguments);
        RecordingCallContext second = new RecordingCallContext();
        CompletionStage<RpcOutcome> queued = call(bridge, "echo", arguments, second);
        bridge.closeAsync();
        assertTrue(assertFailsUnwrapped(BridgeClosedException.class, first).dispatched(), "half of it was written");
        assertFalse(
                assertFailsUnwrapped(BridgeClosedException.class, queued).dispatched(), "nothing of it was written");
        assertEquals(0, second.dispatches());
    }

    // The end

    @Test
    void anExitFailsPendingRequestsWithCodeAndStderrAndThenCompletesWhenClosed() {
        Bridge bridge = bridge();
        CompletionStage<RpcOutcome> pending = call(bridge, "never", ANY);
        CompletionStage<RpcOutcome> fatal = call(bridge, "exit", "{\"code\":7,\"stderr\":\"out of luck\"}");
        CompletionStage<Boolean> first = bridge.whenClosed()
                .thenApply(exit -> pending.toCompletableFuture().isDone());
        BridgeClosedException failure = assertFailsUnwrapped(BridgeClosedException.class, pending);
        assertEquals(ErrorKind.CHILD_EXITED, failure.kind());
        assertEquals(SERVER, failure.server().orElse(""));
        assertTrue(failure.dispatched());
        assertFailsUnwrapped(BridgeClosedException.class, fatal);
        BridgeExit exit = Await.value(bridge.whenClosed());
        assertEquals(BridgeExit.Cause.EXITED, exit.cause());
        assertEquals(OptionalInt.of(7), exit.code());
        assertTrue(exit.stderrTail().contains("out of luck"), exit.stderrTail());
        assertTrue(Await.value(first), "whenClosed() completed while a request was pending");
        assertNothingIsLeft();
    }

    @Test
    void theTailOfTheErrorOutputIsBounded() {
        Bridge bridge = bridge();
        data(call(bridge, "stderr", "{\"bytes\":100000}"));
        call(bridge, "exit", "{\"stderr\":\"last words\"}");
        String tail = Await.value(bridge.whenClosed()).stderrTail();
        assertTrue(tail.getBytes(StandardCharsets.UTF_8).length <= 2_048, "the tail is " + tail.length());
        assertTrue(tail.contains("last words"), tail);
    }

    @Test
    void aKilledProcessTellsItsSignal() {
        Bridge bridge = bridge();
        CompletionStage<RpcOutcome> pending = call(bridge, "never", ANY);
        call(bridge, "halt", ANY);
        assertFailsUnwrapped(BridgeClosedException.class, pending);
        assertEquals(OptionalInt.of(9), Await.value(bridge.whenClosed()).signal());
    }

    @Test
    void anAnswerWrittenJustBeforeTheExitIsDelivered() {
        assertEquals(
                "\"answer\"",
                data(call(bridge(), "exit", "{\"first\":\"answer\"}"))
                        .member("first")
                        .orElseThrow()
                        .toString());
    }

    @Test
    void aWholeMessageWithoutItsLineFeedIsDeliveredAtTheEnd() {
        assertEquals(
                "\"unterminated\"",
                data(call(bridge(), "exit", "{\"first\":\"unterminated\"}")).toString());
    }

    @Test
    void halfAMessageAtTheEndIsDropped() {
        Bridge bridge = bridge();
        BridgeClosedException failure =
                assertFailsUnwrapped(BridgeClosedException.class, call(bridge, "exit", "{\"first\":\"partial\"}"));
        assertTrue(failure.dispatched());
        assertEquals(1, bridge.stats().noise());
    }

    @Test
    void aProcessThatClosesItsOutputIsOverAndIsEnded() {
        Bridge bridge = bridge();
        CompletionStage<RpcOutcome> pending = call(bridge, "close-stdout", ANY);
        BridgeClosedException failure = assertFailsUnwrapped(BridgeClosedException.class, pending);
        assertEquals(ErrorKind.CHILD_EXITED, failure.kind());
        assertEquals(
                BridgeExit.Cause.OUTPUT_CLOSED, Await.value(bridge.whenClosed()).cause());
        assertNothingIsLeft();
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void theEndIsSeenAlthoughAGrandchildHoldsTheOutput() {
        Bridge bridge = bridge();
        long grandchild = grandchild(bridge, "{\"seconds\":120,\"hold\":true}");
        long start = System.nanoTime();
        call(bridge, "exit", "{\"code\":0}");
        Await.value(bridge.whenClosed());
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        assertTrue(took.compareTo(Duration.ofSeconds(10)) < 0, "seen after " + took);
        Await.until("the grandchild is gone", () -> !isAlive(grandchild));
    }

    @Test
    void closingEndsAServerThatListens() {
        Bridge bridge = bridge();
        Await.value(bridge.closeAsync());
        assertEquals(
                BridgeExit.Cause.REQUESTED, Await.value(bridge.whenClosed()).cause());
        assertFalse(anyProcess(), "closed, but the process lives");
    }

    @Test
    void closingLetsAServerEndInItsOwnTime() {
        Bridge bridge = bridge("slow-exit=500");
        Await.value(bridge.closeAsync());
        assertEquals(OptionalInt.of(0), Await.value(bridge.whenClosed()).code());
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void closingTerminatesAServerThatIgnoresTheEndOfItsInput() {
        Bridge bridge = bridge("ignore-eof");
        Duration took = closing(bridge);
        assertTrue(took.toMillis() >= 1_900, "TERM came after " + took);
        BridgeExit exit = Await.value(bridge.whenClosed());
        assertEquals(15, exit.signal().orElse(exit.code().orElse(0)), exit.detail());
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void closingKillsAServerThatIgnoresTerminationToo() {
        Bridge bridge = bridge("ignore-eof", "ignore-term");
        Duration took = closing(bridge);
        assertTrue(took.toMillis() >= 4_900, "KILL came after " + took);
        assertTrue(took.compareTo(Duration.ofSeconds(15)) < 0, "KILL came after " + took);
        assertEquals(OptionalInt.of(9), Await.value(bridge.whenClosed()).signal());
        assertFalse(anyProcess(), "closed, but the process lives");
    }

    private static Duration closing(Bridge bridge) {
        long start = System.nanoTime();
        Await.value(bridge.closeAsync());
        return Duration.ofNanos(System.nanoTime() - start);
    }

    @Test
    void aDeafServerIsClosedToo() {
        Bridge bridge = bridge();
        data(call(bridge, "stop-reading", ANY));
        CompletionStage<RpcOutcome> stuck = call(bridge, "echo", arguments("text", filling(1 << 20)));
        Await.value(bridge.closeAsync());
        assertFailsUnwrapped(BridgeClosedException.class, stuck);
        assertNothingIsLeft();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void closingEndsGrandchildrenThatNobodyIsParentOf() {
        Bridge bridge = bridge();
        long grandchild = grandchild(bridge, "{\"seconds\":120}");
        assertTrue(isAlive(grandchild));
        Await.value(bridge.closeAsync());
        Await.until("the grandchild is gone", () -> !isAlive(grandchild));
    }

    @Test
    void oneConnectionsEndIsNotAnothers() {
        Bridge one = bridge();
        Bridge other = bridge();
        CompletionStage<RpcOutcome> pending = call(other, "delay", "{\"ms\":300}");
        call(one, "exit", ANY);
        Await.value(one.whenClosed());
        assertEquals("300", data(pending).member("ms").orElseThrow().toString());
    }

    private static long grandchild(Bridge bridge, String arguments) {
        JsonText pid =
                data(call(bridge, "spawn-grandchild", arguments)).member("pid").orElseThrow();
        return Long.parseLong(pid.toString());
    }

    private void assertNothingIsLeft() {
        Await.until("no process is left", () -> !anyProcess());
    }
}
