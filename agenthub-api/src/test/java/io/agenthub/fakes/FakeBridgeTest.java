package io.agenthub.fakes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.bridge.Bridge;
import io.agenthub.api.bridge.BridgeClosedException;
import io.agenthub.api.bridge.BridgeExit;
import io.agenthub.api.bridge.BridgeListener;
import io.agenthub.api.bridge.ConnectException;
import io.agenthub.api.bridge.ConnectRequest;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.rpc.RpcRequest;
import io.agenthub.tck.Await;
import io.agenthub.tck.FakeBridge;
import io.agenthub.tck.FakeConnector;
import io.agenthub.tck.FakeScript;
import io.agenthub.tck.ManualScheduler;
import io.agenthub.tck.RecordingCallContext;
import io.agenthub.tck.StageContract;
import io.agenthub.tck.TckContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** The fake bridge keeps the contract of bridges itself, as far as it goes. */
class FakeBridgeTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final JsonText PARAMS = JsonText.of("{\"a\":1}");

    private final ManualScheduler time = new ManualScheduler();
    private final TckContext context = TckContext.manual(time);
    private final List<RpcNotification> heard = new ArrayList<>();
    private final FakeBridge bridge = new FakeBridge("s", context, heard::add);
    private final RecordingCallContext call = new RecordingCallContext(true);

    private CompletionStage<RpcOutcome> request(String method) {
        return bridge.request(method, PARAMS, call);
    }

    @Test
    void itEchoesUnlessToldOtherwise() {
        assertEquals(PARAMS, Await.value(request("tools/call")).orThrow());
        assertEquals("{}", Await.value(request("ping")).orThrow().toString());
        bridge.on("x", FakeScript.error(-1, "no")).otherwise(FakeScript.UNKNOWN);
        assertEquals(
                -1, assertInstanceOf(RpcError.class, Await.value(request("x"))).code());
        assertEquals(
                -32601,
                assertInstanceOf(RpcError.class, Await.value(request("y"))).code());
        assertEquals(4, bridge.stats().requests());
        assertEquals(4, call.dispatches());
    }

    @Test
    void itAnswersLaterOrNever() {
        bridge.on("later", FakeScript.ECHO.after(time, SECOND)).on("never", FakeScript.NEVER);
        CompletionStage<RpcOutcome> later = request("later");
        CompletionStage<RpcOutcome> never = request("never");
        StageContract.assertOnlyTheHubCompletes(later);
        assertEquals(2, bridge.stats().inFlight());
        time.advance(SECOND);
        assertEquals(PARAMS, Await.value(later).orThrow());
        assertFalse(never.toCompletableFuture().isDone());
        never.toCompletableFuture().cancel(true);
        assertTrue(bridge.calls("never").get(0).isCancelled());
        assertEquals(0, bridge.stats().inFlight());
    }

    @Test
    void itNotifiesAndAsks() {
        call.answering(JsonText.of("7"));
        bridge.on("x", FakeScript.NEVER);
        request("x");
        bridge.calls().get(0).progress(1);
        assertEquals(
                "{\"progress\":1}", String.valueOf(call.notifications().get(0).params()));
        RpcRequest question = new RpcRequest(PARAMS, "elicitation/create", null);
        assertEquals(
                "7", Await.value(bridge.calls().get(0).ask(question)).orThrow().toString());
        assertEquals(List.of(question), call.questions());
        RpcNotification outside = new RpcNotification("notifications/x", null);
        bridge.notifyOutsideCalls(outside);
        assertEquals(List.of(outside), heard);
        call.ended();
        bridge.calls().get(0).progress(2);
        assertEquals(List.of("notified notifications/progress"), call.late());
    }

    @Test
    void anExitFailsWhatIsPendingFirst() {
        bridge.on("x", FakeScript.NEVER);
        CompletionStage<RpcOutcome> pending = request("x");
        CompletionStage<Boolean> first = bridge.whenClosed()
                .thenApply(exit -> pending.toCompletableFuture().isDone());
        bridge.exit(3);
        BridgeClosedException failure = Await.failure(BridgeClosedException.class, pending);
        assertEquals(OptionalInt.of(3), failure.exit().code());
        assertTrue(failure.dispatched());
        assertTrue(Await.value(first));
        assertFalse(Await.failure(BridgeClosedException.class, request("x")).dispatched());
        assertTrue(bridge.isClosed());
    }

    @Test
    void whatIsNotDispatchedSaysSo() {
        bridge.dispatching(false);
        CompletionStage<RpcOutcome> pending = request("x");
        assertEquals(0, call.dispatches());
        bridge.exit(1);
        assertFalse(Await.failure(BridgeClosedException.class, pending).dispatched());
    }

    @Test
    void closingTakesItsTime() {
        bridge.closeTakes(SECOND);
        CompletionStage<Void> closing = bridge.closeAsync();
        assertSame(closing, bridge.closeAsync());
        assertFalse(bridge.isClosed());
        Await.failure(BridgeClosedException.class, bridge.notify("x", null));
        time.advance(SECOND);
        Await.value(closing);
        assertEquals(
                BridgeExit.Cause.REQUESTED, Await.value(bridge.whenClosed()).cause());
        assertEquals(2, bridge.closes());
        StageContract.assertClosesOnce(new FakeBridge("s", context, BridgeListener.NONE));
    }

    @Test
    void aConnectorFollowsItsScriptAndThenItsRule() {
        FakeConnector connector = new FakeConnector("s", context)
                .thenFails()
                .thenHangs()
                .thenSucceeds()
                .alwaysFails();
        ConnectRequest request = new ConnectRequest(SECOND, JsonText.EMPTY_OBJECT, heard::add);
        Await.failure(ConnectException.class, connector.connect(request));
        CompletionStage<Bridge> hanging = connector.connect(request);
        assertFalse(hanging.toCompletableFuture().isDone());
        assertSame(Await.value(connector.connect(request)), connector.bridge());
        Await.failure(ConnectException.class, connector.connect(request));
        hanging.toCompletableFuture().cancel(true);
        assertTrue(connector.attempts().get(1).isCancelled());
        connector.attempts().get(1).succeed();
        assertEquals(1, connector.bridges().size());
        assertThrows(AssertionError.class, () -> new FakeConnector("t", context).bridge());
    }
}
