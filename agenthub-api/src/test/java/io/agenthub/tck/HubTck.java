package io.agenthub.tck;

import static io.agenthub.tck.StageContract.assertClosesOnce;
import static io.agenthub.tck.StageContract.assertFailsUnwrapped;
import static io.agenthub.tck.StageContract.assertOnlyTheHubCompletes;
import static io.agenthub.tck.StageContract.assertThrowsNothing;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.AgentHubException;
import io.agenthub.api.BusyException;
import io.agenthub.api.ConfigurationException;
import io.agenthub.api.ErrorKind;
import io.agenthub.api.HubThread;
import io.agenthub.api.activity.Activity;
import io.agenthub.api.breaker.BreakerState;
import io.agenthub.api.breaker.CircuitOpenException;
import io.agenthub.api.bridge.BridgeClosedException;
import io.agenthub.api.bridge.CallTimeoutException;
import io.agenthub.api.bridge.ConnectException;
import io.agenthub.api.bridge.Connector;
import io.agenthub.api.hub.CallListener;
import io.agenthub.api.hub.CallOptions;
import io.agenthub.api.hub.Hub;
import io.agenthub.api.hub.HubClosedException;
import io.agenthub.api.hub.HubConfig;
import io.agenthub.api.hub.HubListener;
import io.agenthub.api.hub.HubState;
import io.agenthub.api.hub.McpServer;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.rpc.RpcRequest;
import io.agenthub.api.server.ServerNotReadyException;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.api.server.ServerState;
import io.agenthub.api.server.ServerStatus;
import io.agenthub.api.server.UnknownServerException;
import io.agenthub.api.spi.BridgeProvider;
import io.agenthub.api.spi.ProviderContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The stage contract and the sentences of {@link Hub}, {@link McpServer} and {@link CallListener}, in real time over fake
 * bridges. Extend it and say how a hub is built.
 */
public abstract class HubTck {
    private static final CallOptions DEFAULT = CallOptions.DEFAULT;

    private final TckContext fakes = TckContext.real(Runnable::run);
    private final FakeConnector connector = new FakeConnector("a", fakes);
    private final FakeConnector other = new FakeConnector("b", fakes);
    private final List<Activity> recorded = new CopyOnWriteArrayList<>();
    private final List<ServerState> states = new CopyOnWriteArrayList<>();
    private Hub hub;

    /** For subclasses. */
    protected HubTck() {}

    /**
     * Builds a hub.
     *
     * @param config its configuration; its servers use the bridge {@code fake}
     * @param bridges provides that bridge
     * @param listener hears what happens; it throws now and then
     * @return the hub, not started
     */
    protected abstract Hub hub(HubConfig config, BridgeProvider bridges, HubListener listener);

    @BeforeEach
    void buildHub() {
        hub = hub(config().build(), new Fakes(), new Recorder());
    }

    @AfterEach
    void closeHub() {
        Await.value(hub.closeAsync());
        fakes.close();
    }

    private static HubConfig.Builder config() {
        return HubConfig.builder()
                .drainTimeout(Duration.ofMillis(200))
                .server(spec("a").build())
                .server(spec("b").build());
    }

    private static ServerSpec.Builder spec(String name) {
        return ServerSpec.builder(name, "fake").healthInterval(Duration.ZERO);
    }

    private McpServer started() {
        Await.value(hub.start());
        return hub.server("a");
    }

    /** A server none of whose calls is answered unless the test does it. */
    private McpServer silent() {
        connector.preparing(bridge -> bridge.otherwise(FakeScript.NEVER));
        return started();
    }

    private static CompletionStage<RpcOutcome> call(McpServer server) {
        return server.request("tools/call", JsonText.EMPTY_OBJECT, DEFAULT);
    }

    /** The call that the fake server got as number n, counted from 0. */
    private FakeCall arrived(int n) {
        Await.until(
                "call " + n + " arrives",
                () -> !connector.bridges().isEmpty()
                        && connector.bridge().calls().size() > n);
        return connector.bridge().calls().get(n);
    }

    // States

    @Test
    void aHubPassesThroughItsStates() {
        assertEquals(HubState.NEW, hub.state());
        CompletionStage<Void> start = hub.start();
        assertSame(start, hub.start());
        Await.value(start);
        assertEquals(HubState.STARTED, hub.state());
        Await.value(hub.closeAsync());
        assertEquals(HubState.STOPPED, hub.state());
    }

    @Test
    void callsBeforeTheStartAndAfterTheEndAreRefusedInTheStage() {
        HubClosedException early =
                assertFailsUnwrapped(HubClosedException.class, assertThrowsNothing(() -> call(hub.server("a"))));
        assertEquals(ErrorKind.NOT_READY, early.kind());
        started();
        Await.value(hub.closeAsync());
        HubClosedException late =
                assertFailsUnwrapped(HubClosedException.class, assertThrowsNothing(() -> call(hub.server("a"))));
        assertEquals(ErrorKind.SHUTTING_DOWN, late.kind());
        assertFalse(late.dispatched());
        assertFailsUnwrapped(
                HubClosedException.class,
                assertThrowsNothing(() -> hub.server("a").notify("notifications/x", null)));
    }

    @Test
    void aHubNeverStartedIsClosed() {
        assertClosesOnce(hub);
        assertEquals(HubState.STOPPED, hub.state());
        assertFailsUnwrapped(AgentHubException.class, assertThrowsNothing(() -> hub.start()));
    }

    @Test
    void aServerNobodyKnowsFailsItsCallsAndNamesTheKnownOnes() {
        started();
        McpServer nobody = hub.server("nobody");
        UnknownServerException failure =
                assertFailsUnwrapped(UnknownServerException.class, assertThrowsNothing(() -> call(nobody)));
        assertTrue(failure.getMessage().contains("a, b"), failure.getMessage());
        assertFailsUnwrapped(UnknownServerException.class, nobody.notify("x", null));
        assertFailsUnwrapped(UnknownServerException.class, nobody.start());
        assertThrows(UnknownServerException.class, nobody::status);
        assertThrows(UnknownServerException.class, nobody::breaker);
    }

    @Test
    void serversAreListedByName() {
        started();
        assertEquals(
                List.of("a", "b"),
                hub.servers().stream().map(server -> server.status().name()).toList());
    }

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

    // Servers by hand

    @Test
    void aServerIsStartedStoppedAndRestartedByHand() {
        McpServer server = started();
        assertEquals(ServerState.RUNNING, Await.value(server.start()).state());
        assertEquals(ServerState.RUNNING, Await.value(server.restart()).state());
        assertEquals(2, connector.bridges().size());
        assertEquals(ServerState.STOPPED, Await.value(server.stop()).state());
        assertFailsUnwrapped(ServerNotReadyException.class, call(server));
    }

    @Test
    void aNewConfigurationLeavesUnchangedServersAlone() {
        McpServer server = started();
        connector.preparing(bridge -> bridge.otherwise(FakeScript.NEVER));
        CompletionStage<RpcOutcome> pending = call(server);
        FakeCall call = arrived(0);
        Await.value(call(hub.server("b")));
        HubConfig changed = HubConfig.builder()
                .drainTimeout(Duration.ofMillis(200))
                .server(spec("a").build())
                .server(spec("c").build())
                .build();
        Await.value(hub.apply(changed));
        assertTrue(other.bridge().isClosed());
        assertFailsUnwrapped(UnknownServerException.class, call(hub.server("b")));
        assertEquals(ServerState.STOPPED, hub.server("c").status().state());
        call.answer(JsonText.NULL);
        Await.value(pending);
        assertEquals(1, connector.attempts().size());
    }

    @Test
    void aConfigurationThatCannotBeUsedChangesNothing() {
        McpServer server = started();
        Await.value(call(server));
        HubConfig unusable = HubConfig.builder()
                .server(ServerSpec.builder("z", "no-such-bridge").build())
                .build();
        assertFailsUnwrapped(ConfigurationException.class, assertThrowsNothing(() -> hub.apply(unusable)));
        Await.value(call(server));
        assertEquals(2, hub.servers().size());
    }

    // The end

    @Test
    void closingIsIdempotentAndRefusesToWaitOnItsOwnThreads() {
        Await.value(call(started()));
        assertClosesOnce(hub);
        assertTrue(connector.bridge().isClosed());
    }

    @Test
    void closingDrainsWhatIsInFlightAndRefusesWhatIsNew() {
        McpServer server = silent();
        CompletionStage<RpcOutcome> pending = call(server);
        FakeCall call = arrived(0);
        CompletionStage<Void> closed = hub.closeAsync();
        assertFailsUnwrapped(HubClosedException.class, call(server));
        call.answer(JsonText.NULL);
        assertEquals(JsonText.NULL, Await.value(pending).orThrow());
        Await.value(closed);
    }

    @Test
    void whatOutlastsTheDrainFailsWithTheTruth() {
        CompletionStage<RpcOutcome> pending = call(silent());
        arrived(0);
        Await.value(hub.closeAsync());
        HubClosedException failure = assertFailsUnwrapped(HubClosedException.class, pending);
        assertTrue(failure.dispatched());
        assertEquals(ErrorKind.SHUTTING_DOWN, failure.kind());
    }

    private final class Fakes implements BridgeProvider {
        @Override
        public String name() {
            return "fake";
        }

        @Override
        public Connector create(ServerSpec spec, ProviderContext ignored) {
            return spec.name().equals("a") ? connector : other;
        }
    }

    private final class Recorder implements HubListener {
        @Override
        public void serverChanged(ServerStatus before, ServerStatus after) {
            if (after.name().equals("a")) {
                states.add(after.state());
            }
            throw new IllegalStateException("a listener that throws changes nothing");
        }

        @Override
        public void recorded(Activity activity) {
            if (activity.kind() == Activity.Kind.CALL) {
                recorded.add(activity);
            }
        }
    }
}
