package io.agenthub.tck;

import static io.agenthub.tck.StageContract.assertClosesOnce;
import static io.agenthub.tck.StageContract.assertCompletesOnTheExecutor;
import static io.agenthub.tck.StageContract.assertFailsUnwrapped;
import static io.agenthub.tck.StageContract.assertOnlyTheHubCompletes;
import static io.agenthub.tck.StageContract.assertThrowsNothing;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.BusyException;
import io.agenthub.api.ErrorKind;
import io.agenthub.api.bridge.Bridge;
import io.agenthub.api.bridge.BridgeClosedException;
import io.agenthub.api.bridge.BridgeExit;
import io.agenthub.api.bridge.ConnectException;
import io.agenthub.api.bridge.FrameTooLongException;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.server.ServerLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * The contract of {@link io.agenthub.api.bridge.Connector}, {@link Bridge}, {@link io.agenthub.api.bridge.CallContext} and {@link
 * io.agenthub.api.bridge.BridgeListener}, one test per sentence, against a real {@link FakeMcpServer}.
 *
 * <p>Extend it and say how to connect to that server. A bridge that runs its server as a child process extends {@link
 * ProcessBridgeTck} instead.
 */
public abstract class BridgeTck extends BridgeSideMessagesTck {
    private static final String ANY = "{}";

    /** For subclasses. */
    protected BridgeTck() {}

    // Connector

    @Test
    void connectingCompletesTheHandshake() {
        Bridge bridge = bridge();
        assertEquals("2025-11-25", bridge.info().protocolVersion());
        assertEquals("fake-mcp-server", bridge.info().name());
        assertEquals("1.0.0", bridge.info().version());
        assertEquals("Misbehaves as told.", bridge.info().instructions().orElse(""));
        assertTrue(bridge.info().capabilities().member("tools").isPresent());
        assertEquals(
                "2025-11-25",
                bridge.info()
                        .handshake()
                        .member("protocolVersion")
                        .flatMap(JsonText::string)
                        .orElse(""));
        assertEquals(bridge.info(), bridge.info());
    }

    @Test
    void theServerIsToldTheCapabilitiesOfTheClientAndThatItIsInitialized() {
        Bridge bridge = bridge();
        assertEquals(
                capabilities(),
                data(call(bridge, "client", ANY)).member("capabilities").orElseThrow());
        List<JsonText> notifications =
                received(bridge).member("notifications").orElseThrow().elements();
        assertEquals(List.of(JsonText.quote("notifications/initialized")), notifications);
    }

    @Test
    void eachConnectionIsANewIncarnation() {
        Bridge first = bridge();
        Bridge second = bridge();
        assertNotEquals(
                data(call(first, "env", ANY)).member("pid"),
                data(call(second, "env", ANY)).member("pid"));
    }

    @Test
    void aHandshakeThatIsNotAnsweredInTimeFailsWithInitTimeout() {
        ConnectException failure = connectFails("initialize=never", Duration.ofMillis(1_500));
        assertEquals(ErrorKind.INIT_TIMEOUT, failure.kind());
    }

    @Test
    void aHandshakeAnsweredWithGarbageFailsWithChildProtocol() {
        assertEquals(
                ErrorKind.CHILD_PROTOCOL,
                connectFails("initialize=garbage", Await.PATIENCE).kind());
    }

    @Test
    void aHandshakeAnsweredWithAnUnknownRevisionFailsWithChildProtocol() {
        assertEquals(
                ErrorKind.CHILD_PROTOCOL,
                connectFails("initialize=version", Await.PATIENCE).kind());
    }

    @Test
    void aHandshakeAnsweredWithAnErrorFailsWithChildProtocolAndSaysWhatTheServerSaid() {
        ConnectException failure = connectFails("initialize=error", Await.PATIENCE);
        assertEquals(ErrorKind.CHILD_PROTOCOL, failure.kind());
        assertTrue(failure.getMessage().contains("cannot initialize"), failure.getMessage());
    }

    private ConnectException connectFails(String mode, Duration timeout) {
        CompletionStage<Bridge> stage = connect(ServerLimits.DEFAULT, timeout, mode);
        assertOnlyTheHubCompletes(stage);
        assertCompletesOnTheExecutor(stage);
        ConnectException failure = assertFailsUnwrapped(ConnectException.class, stage);
        assertEquals(SERVER, failure.server().orElse(""));
        assertFalse(failure.dispatched());
        return failure;
    }

    // Requests

    @Test
    void aRequestIsAnsweredWithTheServersOutcome() {
        assertEquals("42", data(call(bridge(), "add", "{\"a\":1,\"b\":41}")).toString());
    }

    @Test
    void aRequestWithoutParametersIsAnswered() {
        assertEquals(
                "{}",
                Await.value(bridge().request("ping", null, new RecordingCallContext()))
                        .orThrow()
                        .toString());
    }

    @Test
    void anErrorOfTheServerIsAValueAndRelayedAsItIs() {
        RpcOutcome outcome = Await.value(call(bridge(), "error", "{\"code\":-32042,\"message\":\"no \\u00e9\"}"));
        RpcError error = assertInstanceOf(RpcError.class, outcome);
        assertEquals(-32042, error.code());
        assertEquals("no é", error.message());
    }

    @Test
    void parametersAndResultsAreRelayedByteForByte() {
        String odd =
                "{\"n\":1.10,\"big\":9007199254740993,\"e\":1e400,\"z\":\"\\u00e9\\/\\ud83d\\ude00é漢😀\u2028\",\"a\":[{},[]]}";
        assertEquals(odd, data(call(bridge(), "echo", odd)).toString());
    }

    @Test
    void aRequestWrittenOnManyLinesReachesTheServerAsOneMessage() {
        Bridge bridge = bridge();
        assertEquals(
                "{\"text\":\"a\\nb\"  }",
                data(call(bridge, "echo", "{\r\n\"text\":\n\"a\\nb\"  }\n")).toString());
        assertEquals("0", received(bridge).member("malformed").orElseThrow().toString());
    }

    @Test
    void answersInAnyOrderReachTheirOwnCalls() {
        Bridge bridge = bridge();
        List<CompletionStage<RpcOutcome>> calls = IntStream.range(0, 32)
                .mapToObj(i -> call(bridge, "reorder", "{\"of\":32,\"text\":\"" + i + "\"}"))
                .toList();
        for (int i = 0; i < calls.size(); i++) {
            assertEquals(
                    "\"" + i + "\"",
                    data(calls.get(i)).member("text").orElseThrow().toString());
        }
    }

    @Test
    void sixtyFourConcurrentCallersGetTheirOwnAnswers() throws InterruptedException {
        Bridge bridge = bridge();
        long before = bridge.stats().requests();
        List<String> crossed = new java.util.concurrent.CopyOnWriteArrayList<>();
        List<Thread> callers = IntStream.range(0, 64)
                .mapToObj(caller -> new Thread(() -> {
                    for (int i = 0; i < 50; i++) {
                        String sent = "{\"text\":\"" + caller + "/" + i + "\"}";
                        String got = data(call(bridge, "echo", sent)).toString();
                        if (!got.equals(sent)) {
                            crossed.add(sent + " -> " + got);
                        }
                    }
                }))
                .toList();
        callers.forEach(Thread::start);
        for (Thread caller : callers) {
            caller.join(Await.PATIENCE.toMillis());
            assertFalse(caller.isAlive(), "a caller still waits");
        }
        assertEquals(List.of(), crossed);
        assertEquals(3_200, bridge.stats().requests() - before);
        assertEquals(0, bridge.stats().inFlight());
    }

    @Test
    void aSlowCallHoldsUpNoOther() {
        Bridge bridge = bridge();
        CompletionStage<RpcOutcome> slow = call(bridge, "never", ANY);
        assertEquals("3", data(call(bridge, "add", "{\"a\":1,\"b\":2}")).toString());
        assertFalse(slow.toCompletableFuture().isDone());
        assertEquals(1, bridge.stats().inFlight());
    }

    // The stage contract

    @Test
    void onlyTheBridgeCompletesTheStageOfARequest() {
        Bridge bridge = bridge();
        CompletionStage<RpcOutcome> stage = call(bridge, "delay", "{\"ms\":200}");
        assertOnlyTheHubCompletes(stage);
        assertEquals("{\"ms\":200}", data(stage).toString());
    }

    @Test
    void stagesCompleteOnTheExecutor() {
        Bridge bridge = bridge();
        assertCompletesOnTheExecutor(call(bridge, "delay", "{\"ms\":20}"));
        assertCompletesOnTheExecutor(bridge.notify("notifications/roots/list_changed", null));
        CompletionStage<RpcOutcome> pending = call(bridge, "never", ANY);
        CompletionStage<BridgeExit> closed = bridge.whenClosed();
        bridge.closeAsync();
        assertCompletesOnTheExecutor(pending);
        assertCompletesOnTheExecutor(closed);
        assertCompletesOnTheExecutor(bridge.closeAsync());
    }

    @Test
    void nullIsRefusedAtOnce() {
        Bridge bridge = bridge();
        assertThrows(NullPointerException.class, () -> bridge.request(null, null, new RecordingCallContext()));
        assertThrows(NullPointerException.class, () -> bridge.request("ping", null, null));
        assertThrows(NullPointerException.class, () -> bridge.notify(null, null));
        assertEquals(0, bridge.stats().inFlight());
    }

    // Cancelling

    @Test
    void cancellingFreesTheIdAtOnceAndTellsTheServer() {
        Bridge bridge = bridge();
        RecordingCallContext context = new RecordingCallContext();
        CompletionStage<RpcOutcome> stage = call(bridge, "never", "{\"tag\":7}", context);
        received(bridge);
        assertEquals(1, context.dispatches());
        assertTrue(stage.toCompletableFuture().cancel(true));
        assertTrue(stage.toCompletableFuture().isCancelled());
        Await.until("the id is free", () -> bridge.stats().inFlight() == 0);
        Await.until("the server is told", () -> cancelledTags(bridge).equals(List.of("7")));
    }

    @Test
    void anAnswerThatComesAfterTheCancellationIsAnOrphanAndReachesNobody() {
        Bridge bridge = bridge();
        CompletionStage<RpcOutcome> stage = call(bridge, "late", ANY);
        received(bridge);
        stage.toCompletableFuture().cancel(true);
        Await.until("the late answer is counted", () -> bridge.stats().orphans() == 1);
        assertEquals("{\"own\":1}", data(call(bridge, "echo", "{\"own\":1}")).toString());
        assertEquals(1, bridge.stats().orphans());
    }

    @Test
    void cancellingAnEndedCallTellsTheServerNothing() {
        Bridge bridge = bridge();
        CompletionStage<RpcOutcome> stage = call(bridge, "echo", "{\"tag\":1}");
        Await.value(stage);
        assertFalse(stage.toCompletableFuture().cancel(true));
        assertEquals(List.of(), cancelledTags(bridge));
    }

    @Test
    void aRequestWhoseCallHasEndedWhenItsTurnComesIsNotHandedOver() {
        Bridge bridge = bridge();
        RecordingCallContext context = new RecordingCallContext().withheld();
        CompletionStage<RpcOutcome> stage = call(bridge, "echo", "{\"tag\":\"withheld\"}", context);
        Await.until("its turn has come", context::isHeldBack);
        stage.toCompletableFuture().cancel(true);
        assertEquals("{}", data(call(bridge, "echo", ANY)).toString());
        Await.until("it leaves nothing behind", () -> bridge.stats().inFlight() == 0);
        assertEquals(0, bridge.stats().queuedBytes());
        String received = received(bridge).toString();
        assertFalse(received.contains("withheld"), received);
        assertEquals(List.of(), cancelledTags(bridge));
        assertEquals(0, context.dispatches());
    }

    // Bounds

    @Test
    void aRequestBeyondMaxInFlightIsRefusedAtOnceAndNothingOfItIsSent() {
        Bridge bridge = bridge(new ServerLimits(4, 1 << 20, 0, 1 << 20));
        List<CompletionStage<RpcOutcome>> calls = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            calls.add(call(bridge, "never", ANY));
        }
        RecordingCallContext context = new RecordingCallContext();
        BusyException busy = assertFailsUnwrapped(BusyException.class, call(bridge, "echo", ANY, context));
        assertEquals("maxInFlight", busy.bound());
        assertEquals(4, busy.limit());
        assertFalse(busy.dispatched());
        assertTrue(busy.retryable());
        assertEquals(0, context.dispatches());
        calls.get(0).toCompletableFuture().cancel(true);
        assertEquals("{}", data(call(bridge, "echo", ANY)).toString());
    }

    @Test
    void aRequestLongerThanTheLimitFailsAloneAndIsNotSent() {
        Bridge bridge = bridge(new ServerLimits(16, 1 << 20, 0, 4_096));
        CompletionStage<RpcOutcome> other = call(bridge, "delay", "{\"ms\":100}");
        RecordingCallContext context = new RecordingCallContext();
        FrameTooLongException failure = assertFailsUnwrapped(
                FrameTooLongException.class, call(bridge, "echo", arguments("text", filling(5_000)), context));
        assertEquals(4_096, failure.maxFrameBytes());
        assertFalse(failure.dispatched());
        assertEquals(0, context.dispatches());
        data(other);
        assertEquals("{}", data(call(bridge, "echo", ANY)).toString());
    }

    @Test
    void anAnswerLongerThanTheLimitFailsAloneAndMayHaveRun() {
        Bridge bridge = bridge(new ServerLimits(16, 1 << 20, 0, 100_000));
        CompletionStage<RpcOutcome> other = call(bridge, "delay", "{\"ms\":200}");
        FrameTooLongException failure =
                assertFailsUnwrapped(FrameTooLongException.class, call(bridge, "big", "{\"bytes\":100001}"));
        assertTrue(failure.dispatched());
        assertFalse(failure.retryable());
        data(other);
        assertTrue(
                Await.value(call(bridge, "big", "{\"bytes\":100000}")).orThrow().length() > 99_000);
        assertFailsUnwrapped(FrameTooLongException.class, call(bridge, "big", "{\"bytes\":3000000}"));
        assertEquals("{}", data(call(bridge, "echo", ANY)).toString());
    }

    // The end

    @Test
    void aRequestReportsThatItIsDispatchedExactlyOnce() {
        RecordingCallContext context = new RecordingCallContext();
        data(call(bridge(), "echo", ANY, context));
        assertEquals(1, context.dispatches());
    }

    @Test
    void theEndFailsEveryPendingRequestBeforeWhenClosedCompletes() {
        Bridge bridge = bridge();
        List<CompletionStage<RpcOutcome>> pending = IntStream.range(0, 200)
                .mapToObj(i -> call(bridge, "never", ANY))
                .toList();
        CompletionStage<Boolean> allFailed = bridge.whenClosed()
                .thenApply(exit -> pending.stream()
                        .allMatch(stage -> stage.toCompletableFuture().isDone()));
        bridge.closeAsync();
        assertTrue(Await.value(allFailed), "whenClosed() completed while a request was pending");
        assertEquals(0, bridge.stats().inFlight());
        assertSame(bridge.whenClosed(), bridge.whenClosed());
    }

    @Test
    void closingFailsPendingRequestsAndRefusesNewOnesInTheStage() {
        Bridge bridge = bridge();
        CompletionStage<RpcOutcome> pending = call(bridge, "never", ANY);
        received(bridge);
        CompletionStage<Void> closing = bridge.closeAsync();
        BridgeClosedException failure = assertFailsUnwrapped(BridgeClosedException.class, pending);
        assertEquals(BridgeExit.Cause.REQUESTED, failure.exit().cause());
        assertEquals(ErrorKind.SHUTTING_DOWN, failure.kind());
        assertTrue(failure.dispatched(), "the call may have run");
        BridgeClosedException refused =
                assertFailsUnwrapped(BridgeClosedException.class, assertThrowsNothing(() -> call(bridge, "echo", ANY)));
        assertFalse(refused.dispatched(), "nothing of it was sent");
        assertFailsUnwrapped(
                BridgeClosedException.class, assertThrowsNothing(() -> bridge.notify("notifications/x", null)));
        Await.value(closing);
        assertEquals(
                BridgeExit.Cause.REQUESTED, Await.value(bridge.whenClosed()).cause());
        assertFailsUnwrapped(BridgeClosedException.class, assertThrowsNothing(() -> call(bridge, "echo", ANY)));
    }

    @Test
    void closingIsIdempotentAndReturnsTheSameStage() {
        assertClosesOnce(bridge());
    }

    @Test
    void statsCountWhatHappened() {
        Bridge bridge = bridge();
        long before = bridge.stats().lastTraffic();
        long requests = bridge.stats().requests();
        Await.value(call(bridge, "echo", ANY));
        assertEquals(1, bridge.stats().requests() - requests);
        assertEquals(0, bridge.stats().inFlight());
        assertEquals(0, bridge.stats().orphans());
        assertEquals(0, bridge.stats().noise());
        Await.until("the queue is empty", () -> bridge.stats().queuedBytes() == 0);
        assertTrue(bridge.stats().lastTraffic() - before > 0, "traffic is not noticed");
        assertTrue(context.scheduler().nanoTime() - bridge.stats().lastTraffic() >= 0, "traffic in the future");
    }
}
