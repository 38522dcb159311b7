package io.agenthub.tck;

import static io.agenthub.tck.StageContract.assertFailsUnwrapped;
import static io.agenthub.tck.StageContract.assertOnlyTheHubCompletes;
import static io.agenthub.tck.StageContract.assertThrowsNothing;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.AgentHubException;
import io.agenthub.api.BusyException;
import io.agenthub.api.ErrorKind;
import io.agenthub.api.HubThread;
import io.agenthub.api.activity.Activity;
import io.agenthub.api.breaker.BreakerState;
import io.agenthub.api.breaker.CircuitOpenException;
import io.agenthub.api.bridge.BridgeClosedException;
import io.agenthub.api.bridge.CallTimeoutException;
import io.agenthub.api.bridge.ConnectException;
import io.agenthub.api.hub.CallListener;
import io.agenthub.api.hub.HubConfig;
import io.agenthub.api.hub.McpServer;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.rpc.RpcRequest;
import io.agenthub.api.server.ServerNotReadyException;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.api.server.ServerState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How calls through a hub begin and end: the stage contract, deadlines, failures and side messages. */
public abstract class HubCallTck extends HubFixture {
    /** For subclasses. */
    protected HubCallTck() {}

    // The stage contract

    @Test
    void aCallBringsTheServersOutcome() {
        McpServer server = started();
        JsonText params = JsonText.of("{\"n\":1.10}");
        assertEquals(
                params,
                Await.value(server.request("tools/call", params, DEFAULT)).orThrow());
        connector.bridge().on("tools/call", FakeScript.error(-7, "no"));
        assertEquals(
                -7, assertInstanceOf(RpcError.class, Await.value(call(server))).code());
    }

    @Test
    void theHubAloneCompletesItsStages() {
        McpServer server = silent();
        CompletionStage<RpcOutcome> stage = call(server);
        assertOnlyTheHubCompletes(stage);
        arrived(0).answer(JsonText.NULL);
        assertEquals(JsonText.NULL, Await.value(stage).orThrow());
    }

    @Test
    void stagesCompleteOnACallbackThread() {
        McpServer server = silent();
        CompletionStage<RpcOutcome> stage = call(server);
        CompletionStage<Thread> ran = stage.handle((outcome, failure) -> Thread.currentThread());
        arrived(0).answer(JsonText.NULL);
        Thread thread = Await.value(ran);
        assertTrue(assertInstanceOf(HubThread.class, thread).mayBlock(), thread.getName());
        assertTrue(thread.isDaemon());
    }

    @Test
    void aCallMayBringAnExecutorOfItsOwn() {
        McpServer server = silent();
        ExecutorService own = TckContext.callbackPool();
        CompletionStage<Boolean> ran = server.request("x", null, DEFAULT.withExecutor(own))
                .handle((outcome, failure) -> TckContext.isCallback(Thread.currentThread()));
        arrived(0).answer(JsonText.NULL);
        assertTrue(Await.value(ran));
        own.shutdown();
    }

    @Test
    void onlyNullIsRefusedAtOnce() {
        McpServer server = started();
        assertThrows(NullPointerException.class, () -> hub.server(null));
        assertThrows(NullPointerException.class, () -> server.request(null, null, DEFAULT));
        assertThrows(NullPointerException.class, () -> server.request("x", null, null));
        assertThrows(NullPointerException.class, () -> server.notify(null, null));
    }

    @Test
    void aPartThatThrowsOrReturnsNullFailsTheCallAndNothingElse() {
        McpServer server = started();
        Await.value(call(server));
        connector.bridge().on("throws", call -> {
            throw new IllegalStateException("third party");
        });
        AgentHubException failure = assertFailsUnwrapped(
                AgentHubException.class, assertThrowsNothing(() -> server.request("throws", null, DEFAULT)));
        assertEquals(ErrorKind.INTERNAL, failure.kind());
        Await.value(call(server));
    }

    @Test
    void cancellingIsReal() {
        McpServer server = silent();
        for (int i = 0; i < 10; i++) {
            CompletionStage<RpcOutcome> stage = call(server);
            FakeCall call = arrived(i);
            stage.toCompletableFuture().cancel(true);
            Await.until("the server is told", call::isCancelled);
        }
        assertEquals(BreakerState.CLOSED, server.breaker().status().state());
        assertEquals(0, server.breaker().status().recentFailures());
    }

    // Deadlines

    @Test
    void aCallEndsAtItsDeadlineAndTheServerIsTold() {
        McpServer server = silent();
        CallTimeoutException failure = assertFailsUnwrapped(
                CallTimeoutException.class, server.request("x", null, DEFAULT.withTimeout(Duration.ofMillis(150))));
        assertEquals(Duration.ofMillis(150), failure.timeout());
        assertEquals("a", failure.server().orElse(""));
        assertTrue(failure.dispatched());
        Await.until("the server is told", arrived(0)::isCancelled);
    }

    @Test
    void aDeadlineBeforeAnythingWasSentPromisesSo() {
        connector.preparing(bridge -> bridge.dispatching(false));
        CallTimeoutException failure = assertFailsUnwrapped(
                CallTimeoutException.class, started().request("x", null, DEFAULT.withTimeout(Duration.ofMillis(100))));
        assertFalse(failure.dispatched());
        assertTrue(failure.retryable());
    }

    @Test
    void theDeadlineOfACallThatBringsNoneIsItsServers() {
        Await.value(hub.closeAsync());
        ServerSpec hasty = spec("a").callTimeout(Duration.ofMillis(120)).build();
        hub = hub(HubConfig.builder().server(hasty).build(), new Fakes(), new Recorder());
        CallTimeoutException failure = assertFailsUnwrapped(CallTimeoutException.class, call(silent()));
        assertEquals(Duration.ofMillis(120), failure.timeout());
    }

    @Test
    void aLateAnswerReachesNobody() {
        McpServer server = silent();
        assertFailsUnwrapped(
                CallTimeoutException.class, server.request("x", null, DEFAULT.withTimeout(Duration.ofMillis(50))));
        CompletionStage<RpcOutcome> next = call(server);
        arrived(1);
        arrived(0).answer(JsonText.of("\"late\""));
        arrived(1).answer(JsonText.of("\"own\""));
        assertEquals("\"own\"", Await.value(next).orThrow().toString());
    }

    // Failures

    @Test
    void theEndOfAServerFailsItsCallsAndTheNextCallsWork() {
        McpServer server = silent();
        CompletionStage<RpcOutcome> pending = call(server);
        arrived(0);
        connector.preparing(bridge -> {});
        connector.bridge().exit(1);
        BridgeClosedException failure = assertFailsUnwrapped(BridgeClosedException.class, pending);
        assertTrue(failure.dispatched());
        Await.until("it runs again", () -> connector.bridges().size() == 2);
        Await.until("the hub knows", () -> server.status().state() == ServerState.RUNNING);
        Await.value(call(server));
    }

    @Test
    void aServerThatCannotBeStartedFailsItsCallsWithTheReason() {
        connector.alwaysFails();
        ConnectException failure = assertFailsUnwrapped(ConnectException.class, call(started()));
        assertFalse(failure.dispatched());
        ServerNotReadyException refusal = assertFailsUnwrapped(ServerNotReadyException.class, call(hub.server("a")));
        assertTrue(refusal.retryAfter().isPresent());
        Await.value(call(hub.server("b")));
    }

    @Test
    void threeFaultsOfTheServerOpenItsBreakerAndOnlyIts() {
        McpServer server = silent();
        for (int i = 0; i < 3; i++) {
            assertFailsUnwrapped(
                    CallTimeoutException.class, server.request("x", null, DEFAULT.withTimeout(Duration.ofMillis(30))));
        }
        CircuitOpenException open = assertFailsUnwrapped(CircuitOpenException.class, call(server));
        assertTrue(open.retryAfter().orElseThrow().compareTo(Duration.ofSeconds(30)) <= 0);
        assertFalse(open.dispatched());
        assertEquals(3, connector.bridge().calls().size());
        assertEquals(BreakerState.OPEN, server.breaker().status().state());
        Await.value(call(hub.server("b")));
        server.breaker().reset();
        CompletionStage<RpcOutcome> again = call(server);
        arrived(3).answer(JsonText.NULL);
        Await.value(again);
    }

    @Test
    void errorsOfTheServerNeverOpenItsBreaker() {
        connector.preparing(bridge -> bridge.otherwise(FakeScript.UNKNOWN));
        McpServer server = started();
        for (int i = 0; i < 50; i++) {
            assertInstanceOf(RpcError.class, Await.value(call(server)));
        }
        assertEquals(BreakerState.CLOSED, server.breaker().status().state());
    }

    @Test
    void callsBeyondTheBoundAreRefusedAtOnce() {
        Await.value(hub.closeAsync());
        hub = hub(config().maxInFlight(3).build(), new Fakes(), new Recorder());
        McpServer server = silent();
        List<CompletionStage<RpcOutcome>> calls =
                IntStream.range(0, 3).mapToObj(i -> call(server)).toList();
        arrived(2);
        BusyException busy = assertFailsUnwrapped(BusyException.class, call(server));
        assertEquals("maxInFlight", busy.bound());
        calls.get(0).toCompletableFuture().cancel(true);
        CompletionStage<RpcOutcome> free = call(server);
        arrived(3).answer(JsonText.NULL);
        Await.value(free);
    }

    // Side messages

    @Test
    void progressReachesTheListenerInOrderAndNeverAfterTheEnd() {
        McpServer server = silent();
        List<String> heard = new CopyOnWriteArrayList<>();
        CallListener listener = new CallListener() {
            @Override
            public void notified(RpcNotification notification) {
                heard.add(String.valueOf(notification.params()));
            }
        };
        CompletionStage<RpcOutcome> stage = server.request("x", null, DEFAULT.withListener(listener));
        FakeCall call = arrived(0);
        assertTrue(call.context().wantsProgress());
        IntStream.range(0, 100).forEach(call::progress);
        call.answer(JsonText.NULL);
        int before = Await.value(stage.thenApply(outcome -> heard.size()));
        call.context().notified(new RpcNotification("notifications/progress", null));
        Await.value(call(hub.server("b")));
        assertEquals(100, before, "the outcome overtook its progress");
        assertEquals(100, heard.size());
        assertEquals("{\"progress\":99}", heard.get(99));
    }

    @Test
    void questionsAreAnsweredByTheListenerOrRefused() {
        McpServer server = silent();
        CallListener listener = new CallListener() {
            @Override
            public CompletionStage<RpcOutcome> asked(RpcRequest request) {
                throw new IllegalStateException("the embedder's mistake");
            }
        };
        server.request("x", null, DEFAULT.withListener(listener));
        call(server);
        RpcRequest question = new RpcRequest(JsonText.of("1"), "elicitation/create", null);
        assertInstanceOf(RpcError.class, Await.value(arrived(0).ask(question)));
        RpcError refusal =
                assertInstanceOf(RpcError.class, Await.value(arrived(1).ask(question)));
        assertEquals(RpcError.METHOD_NOT_FOUND, refusal.code());
    }

    @Test
    void everyCallIsRecordedWithItsOutcomeAndEveryChangeTold() {
        McpServer server = started();
        Await.value(server.callTool("greet", Map.of("who", "é")));
        connector.bridge().on("x", FakeScript.UNKNOWN);
        Await.value(server.request("x", null, DEFAULT.withClient("me")));
        Await.until("both are recorded", () -> recorded.size() == 2);
        assertEquals("greet", recorded.get(0).tool().orElse(""));
        assertEquals(Activity.OK, recorded.get(0).outcome());
        assertEquals(Activity.ERROR, recorded.get(1).outcome());
        assertEquals("me", recorded.get(1).client().orElse(""));
        assertEquals(List.of(ServerState.STARTING, ServerState.RUNNING), states);
    }
}
