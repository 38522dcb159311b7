package io.agenthub.core.internal.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.BusyException;
import io.agenthub.api.ErrorKind;
import io.agenthub.api.PartFaultException;
import io.agenthub.api.breaker.BreakerPolicy;
import io.agenthub.api.breaker.BreakerState;
import io.agenthub.api.breaker.CircuitOpenException;
import io.agenthub.api.bridge.BridgeClosedException;
import io.agenthub.api.bridge.BridgeExit;
import io.agenthub.api.bridge.CallTimeoutException;
import io.agenthub.api.bridge.ConnectException;
import io.agenthub.api.hub.CallListener;
import io.agenthub.api.hub.CallOptions;
import io.agenthub.api.hub.Hub;
import io.agenthub.api.hub.McpServer;
import io.agenthub.api.hub.TraceContext;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.api.rpc.RpcErrorException;
import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.rpc.RpcResult;
import io.agenthub.api.server.UnknownServerException;
import io.agenthub.tck.FakeBridge;
import io.agenthub.tck.FakeCall;
import io.agenthub.tck.FakeScript;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class CallPipelineTest {
    private static final FakeScript HOLD = call -> {};

    private final HubHarness harness = new HubHarness();

    private Hub hubWith(FakeScript script) {
        harness.with(HubHarness.server("time").build());
        harness.connector("time").preparing(bridge -> bridge.otherwise(script));
        return harness.started();
    }

    private CompletionStage<RpcOutcome> call(Hub hub) {
        CompletionStage<RpcOutcome> stage = hub.server("time").request("tools/call", null, CallOptions.DEFAULT);
        harness.time.runDue();
        return stage;
    }

    private FakeBridge bridge() {
        return harness.bridge("time");
    }

    @Test
    void aCallStartsAStoppedServerAndBringsItsAnswer() {
        Hub hub = hubWith(FakeScript.answer("{\"n\":1.10}"));
        RpcOutcome outcome = harness.now(call(hub));
        assertEquals(new RpcResult(JsonText.of("{\"n\":1.10}")), outcome);
    }

    @Test
    void aServersOwnErrorIsAValueAndASuccessForTheBreaker() {
        Hub hub = hubWith(FakeScript.error(-32602, "no such tool"));
        for (int i = 0; i < 10; i++) {
            RpcError error = assertInstanceOf(RpcError.class, harness.now(call(hub)));
            assertEquals(-32602, error.code());
        }
        assertEquals(BreakerState.CLOSED, hub.server("time").breaker().status().state());
        RpcErrorException failure =
                harness.failsNow(RpcErrorException.class, hub.server("time").listTools());
        assertEquals(-32602, failure.error().code());
    }

    @Test
    void anUnknownServerIsNamedWithThoseThatAreKnown() {
        Hub hub = hubWith(HOLD);
        UnknownServerException failure = harness.failsNow(
                UnknownServerException.class, hub.server("tiem").request("ping", null, CallOptions.DEFAULT));
        assertTrue(failure.getMessage().contains("time"), failure.getMessage());
        assertThrows(UnknownServerException.class, () -> hub.server("tiem").status());
    }

    @Test
    void theDeadlineEndsACallAndTellsTheBridge() {
        Hub hub = hubWith(HOLD);
        CompletionStage<RpcOutcome> stage = call(hub);
        FakeCall pending = bridge().calls().get(0);
        harness.time.advance(Duration.ofMillis(29_999));
        assertFalse(stage.toCompletableFuture().isDone());
        assertEquals(Duration.ofMillis(1), pending.context().remaining());
        harness.time.advance(Duration.ofMillis(1));
        CallTimeoutException failure = harness.failsNow(CallTimeoutException.class, stage);
        assertTrue(failure.dispatched());
        assertFalse(failure.retryable());
        assertEquals(Duration.ofSeconds(30), failure.timeout());
        assertEquals(0, bridge().stats().inFlight(), "the bridge was told to give the call up");
        pending.answer(JsonText.EMPTY_OBJECT);
        assertTrue(stage.toCompletableFuture().isCompletedExceptionally());
    }

    @Test
    void oneTimerWatchesAllCallsOfAServer() {
        harness.with(HubHarness.server("time").healthInterval(Duration.ZERO).build());
        harness.connector("time").preparing(bridge -> bridge.otherwise(HOLD));
        Hub hub = harness.started();
        call(hub);
        int timers = harness.time.pending();
        for (int i = 0; i < 200; i++) {
            assertFalse(call(hub).toCompletableFuture().isDone());
        }
        assertEquals(timers, harness.time.pending());
    }

    @Test
    void callsEndWhenTheTimeOfTheirOwnServerIsOver() {
        for (String name : List.of("quick", "slow")) {
            harness.with(HubHarness.server(name)
                    .callTimeout(Duration.ofSeconds(name.equals("quick") ? 2 : 20))
                    .build());
            harness.connector(name).preparing(bridge -> bridge.otherwise(HOLD));
        }
        Hub hub = harness.started();
        CompletionStage<RpcOutcome> slow = hub.server("slow").request("work", null, CallOptions.DEFAULT);
        CompletionStage<RpcOutcome> first = hub.server("quick").request("work", null, CallOptions.DEFAULT);
        harness.time.advance(Duration.ofSeconds(1));
        CompletionStage<RpcOutcome> second = hub.server("quick").request("work", null, CallOptions.DEFAULT);
        CompletionStage<RpcOutcome> own =
                hub.server("quick").request("work", null, CallOptions.DEFAULT.withTimeout(Duration.ofMillis(1_500)));
        harness.time.advance(Duration.ofSeconds(1));
        harness.failsNow(CallTimeoutException.class, first);
        assertFalse(second.toCompletableFuture().isDone());
        harness.time.advance(Duration.ofMillis(500));
        harness.failsNow(CallTimeoutException.class, own);
        harness.time.advance(Duration.ofMillis(500));
        harness.failsNow(CallTimeoutException.class, second);
        harness.time.advance(Duration.ofSeconds(17).minusMillis(1));
        assertFalse(slow.toCompletableFuture().isDone());
        harness.time.advance(Duration.ofMillis(1));
        harness.failsNow(CallTimeoutException.class, slow);
    }

    @Test
    void aDeadlineThatPassesWhileTheServerStartsPromisesThatNothingWasSent() {
        harness.with(
                HubHarness.server("time").startTimeout(Duration.ofMinutes(5)).build());
        harness.connector("time").thenHangs();
        Hub hub = harness.started();
        CompletionStage<RpcOutcome> stage =
                hub.server("time").request("ping", null, CallOptions.DEFAULT.withTimeout(Duration.ofSeconds(1)));
        harness.time.advance(Duration.ofSeconds(1));
        assertFalse(harness.failsNow(CallTimeoutException.class, stage).dispatched());
    }

    @Test
    void cancellingFreesTheCallAndCountsNeitherWay() {
        harness.with(HubHarness.server("time")
                .breaker(new BreakerPolicy(2, Duration.ofSeconds(30)))
                .build());
        harness.connector("time").preparing(bridge -> bridge.otherwise(HOLD));
        Hub hub = harness.started();
        for (int i = 0; i < 5; i++) {
            CompletionStage<RpcOutcome> stage = call(hub);
            assertTrue(stage.toCompletableFuture().cancel(true));
            assertEquals(0, bridge().stats().inFlight());
        }
        assertEquals(BreakerState.CLOSED, hub.server("time").breaker().status().state());
        assertEquals(0, hub.server("time").breaker().status().recentFailures());
    }

    @Test
    void threeInfrastructureFailuresOpenTheBreakerAndOneProbeClosesIt() {
        Hub hub = hubWith(HOLD);
        for (int i = 0; i < 3; i++) {
            CompletionStage<RpcOutcome> stage = call(hub);
            harness.time.advance(Duration.ofSeconds(30));
            harness.failsNow(CallTimeoutException.class, stage);
        }
        CircuitOpenException refusal = harness.failsNow(CircuitOpenException.class, call(hub));
        assertFalse(refusal.dispatched());
        assertTrue(refusal.retryable());
        assertTrue(refusal.retryAfter().orElseThrow().compareTo(Duration.ofSeconds(30)) <= 0);
        harness.time.advance(Duration.ofMillis(30_001));

        CompletionStage<RpcOutcome> cancelledProbe = call(hub);
        harness.failsNow(CircuitOpenException.class, call(hub));
        cancelledProbe.toCompletableFuture().cancel(true);

        CompletionStage<RpcOutcome> probe = call(hub);
        harness.failsNow(CircuitOpenException.class, call(hub));
        bridge().calls().get(bridge().calls().size() - 1).answer(JsonText.EMPTY_OBJECT);
        harness.now(probe);
        assertEquals(BreakerState.CLOSED, hub.server("time").breaker().status().state());
    }

    @Test
    void theEndOfAServerIsOneFailureHoweverManyCallsItEnds() {
        Hub hub = hubWith(HOLD);
        for (int death = 1; death <= 3; death++) {
            for (int i = 0; i < 10; i++) {
                call(hub);
            }
            assertEquals(10, bridge().calls().size(), "calls that reached the server");
            bridge().exit(137);
            harness.time.advance(Duration.ofSeconds(5));
            assertEquals(death, hub.server("time").breaker().status().recentFailures());
        }
        assertEquals(BreakerState.OPEN, hub.server("time").breaker().status().state());
    }

    @Test
    void aFailedProbeOpensTheBreakerAgainAndResetClosesIt() {
        Hub hub = hubWith(HOLD);
        for (int i = 0; i < 4; i++) {
            call(hub);
            harness.time.advance(Duration.ofSeconds(31));
        }
        assertEquals(BreakerState.OPEN, hub.server("time").breaker().status().state());
        hub.server("time").breaker().reset();
        assertEquals(BreakerState.CLOSED, hub.server("time").breaker().status().state());
    }

    @Test
    void theServersEndFailsItsCallsAtOnceWithTheTruth() {
        Hub hub = hubWith(HOLD);
        CompletionStage<RpcOutcome> stage = call(hub);
        bridge().exit(137);
        BridgeClosedException failure = harness.failsNow(BridgeClosedException.class, stage);
        assertEquals(ErrorKind.CHILD_EXITED, failure.kind());
        assertEquals(9, failure.exit().signal().orElseThrow());
        assertTrue(failure.dispatched());
    }

    @Test
    void aServerThatCannotStartFailsItsCallsWithTheReason() {
        harness.with(HubHarness.server("time").build());
        harness.connector("time").alwaysFails();
        Hub hub = harness.started();
        ConnectException failure = harness.failsNow(ConnectException.class, call(hub));
        assertFalse(failure.dispatched());
    }

    @Test
    void aCallThatMeetsAClosingBridgeIsMovedToTheNextOne() {
        Hub hub = hubWith(FakeScript.answer("1"));
        harness.now(call(hub));
        harness.connector("time").preparing(bridge -> bridge.otherwise(FakeScript.answer("2")));
        FakeBridge first = bridge();
        first.otherwise(pending -> {
            // Nothing of the call was sent when the hub closed this bridge.
            first.closeAsync();
        });
        first.dispatching(false);
        first.exit(BridgeExit.of(BridgeExit.Cause.REQUESTED, "replaced"));
        CompletionStage<RpcOutcome> stage = hub.server("time").request("ping", null, CallOptions.DEFAULT);
        harness.time.advance(Duration.ofSeconds(1));
        assertTrue(stage.toCompletableFuture().isDone());
    }

    @Test
    void theBoundOnCallsInFlightRefusesAtOnce() {
        harness.config.maxInFlight(2);
        Hub hub = hubWith(HOLD);
        call(hub);
        CompletionStage<RpcOutcome> second = call(hub);
        BusyException refusal = harness.failsNow(BusyException.class, call(hub));
        assertEquals("maxInFlight", refusal.bound());
        assertFalse(refusal.dispatched());
        second.toCompletableFuture().cancel(true);
        assertFalse(call(hub).toCompletableFuture().isDone(), "the place is free again");
    }

    @Test
    void theBoundOnBytesInFlightLetsOneLargeCallPassAlone() {
        harness.config.maxInFlightBytes(1_024);
        Hub hub = hubWith(HOLD);
        JsonText large = JsonText.ofValue(Map.of("text", "x".repeat(4_000)));
        CompletionStage<RpcOutcome> alone = hub.server("time").request("a", large, CallOptions.DEFAULT);
        harness.time.runDue();
        assertFalse(alone.toCompletableFuture().isDone());
        BusyException refusal =
                harness.failsNow(BusyException.class, hub.server("time").request("b", large, CallOptions.DEFAULT));
        assertEquals("maxInFlightBytes", refusal.bound());
    }

    @Test
    void aBridgeThatThrowsFailsItsCallAndNothingElse() {
        Hub hub = hubWith(pending -> {
            throw new IllegalStateException("broken part");
        });
        PartFaultException failure = harness.failsNow(PartFaultException.class, call(hub));
        assertEquals(ErrorKind.INTERNAL, failure.kind());
        bridge().otherwise(FakeScript.answer("{}"));
        harness.now(call(hub));
    }

    @Test
    void progressAndQuestionsReachTheListenerInOrderAndNeverAfterTheEnd() {
        Hub hub = hubWith(HOLD);
        List<String> heard = new ArrayList<>();
        CallListener listener = new CallListener() {
            @Override
            public void notified(RpcNotification notification) {
                heard.add(notification.method());
            }

            @Override
            public CompletionStage<RpcOutcome> asked(io.agenthub.api.rpc.RpcRequest request) {
                heard.add(request.method());
                return io.agenthub.api.Promise.succeeded(new RpcResult(JsonText.of("{\"roots\":[]}")));
            }
        };
        CompletionStage<RpcOutcome> stage =
                hub.server("time").request("tools/call", null, CallOptions.DEFAULT.withListener(listener));
        harness.time.runDue();
        FakeCall pending = bridge().calls().get(0);
        assertTrue(pending.context().wantsProgress());
        pending.context().notified(new RpcNotification("notifications/progress", null));
        RpcOutcome answer = harness.now(
                pending.context().asked(new io.agenthub.api.rpc.RpcRequest(JsonText.of("7"), "roots/list", null)));
        assertEquals("{\"roots\":[]}", answer.orThrow().toString());
        pending.answer(JsonText.EMPTY_OBJECT);
        pending.context().notified(new RpcNotification("notifications/progress", null));
        harness.now(stage);
        assertEquals(List.of("notifications/progress", "roots/list"), heard);
    }

    @Test
    void aListenerMayDoWithoutProgressAndHearTheRest() {
        Hub hub = hubWith(HOLD);
        CallListener listener = new CallListener() {
            @Override
            public boolean wantsProgress() {
                return false;
            }
        };
        hub.server("time").request("tools/call", null, CallOptions.DEFAULT.withListener(listener));
        harness.time.runDue();
        FakeCall pending = bridge().calls().get(0);
        assertFalse(pending.context().wantsProgress());
        assertTrue(pending.context().wantsMessages());
    }

    @Test
    void aCallWithoutListenerRefusesQuestions() {
        Hub hub = hubWith(HOLD);
        call(hub);
        RpcOutcome answer = harness.now(bridge().calls()
                .get(0)
                .context()
                .asked(new io.agenthub.api.rpc.RpcRequest(JsonText.of("7"), "roots/list", null)));
        assertEquals(
                RpcError.METHOD_NOT_FOUND,
                assertInstanceOf(RpcError.class, answer).code());
    }

    @Test
    void onlyNullAndIllegalArgumentsThrowSynchronously() {
        Hub hub = hubWith(HOLD);
        McpServer server = hub.server("time");
        assertThrows(NullPointerException.class, () -> server.request(null, null, CallOptions.DEFAULT));
        assertThrows(NullPointerException.class, () -> server.request("ping", null, null));
        assertThrows(IllegalArgumentException.class, () -> CallOptions.DEFAULT.withTimeout(Duration.ZERO));
        CompletionStage<RpcOutcome> stage = call(hub);
        assertSame(stage.toCompletableFuture(), stage.toCompletableFuture());
        assertThrows(
                UnsupportedOperationException.class,
                () -> stage.toCompletableFuture().complete(null));
    }

    @Test
    void aTraceGoesToTheServerInMetaAndNothingElseChanges() {
        Hub hub = hubWith(FakeScript.answer("{}"));
        String parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        TraceContext trace = TraceContext.parse(parent, null, null).orElseThrow();
        JsonText params = JsonText.of("{ \"n\":1.0 }");
        harness.now(hub.server("time").request("x", params, CallOptions.DEFAULT.withTrace(trace)));
        harness.now(hub.server("time").request("x", params, CallOptions.DEFAULT));

        assertEquals(
                List.of("{ \"n\":1.0 ,\"_meta\":{\"traceparent\":\"" + parent + "\"}}", params.toString()),
                bridge().calls("x").stream()
                        .map(call -> String.valueOf(call.params()))
                        .toList());
    }
}
