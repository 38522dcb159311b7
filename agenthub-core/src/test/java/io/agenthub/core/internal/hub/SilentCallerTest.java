package io.agenthub.core.internal.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.BusyException;
import io.agenthub.api.Promise;
import io.agenthub.api.breaker.BreakerState;
import io.agenthub.api.bridge.CallTimeoutException;
import io.agenthub.api.bridge.ClientProfile;
import io.agenthub.api.hub.CallListener;
import io.agenthub.api.hub.CallOptions;
import io.agenthub.api.hub.Hub;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.rpc.RpcRequest;
import io.agenthub.api.rpc.RpcResult;
import io.agenthub.api.server.ProcessPolicy;
import io.agenthub.core.internal.lease.BridgePool;
import io.agenthub.tck.FakeCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Callers that were asked something and keep a connection while they think. */
class SilentCallerTest {
    private static final int CONNECTIONS = 16;

    private final HubHarness harness = new HubHarness();
    private final List<FakeCall> running = new ArrayList<>();
    private final List<Promise<RpcOutcome>> questions = new ArrayList<>();
    private final Hub hub = hub();

    private Hub hub() {
        harness.with(HubHarness.server("asks").process(ProcessPolicy.DEFAULT).build());
        harness.connector("asks").preparing(bridge -> bridge.on("tools/call", running::add));
        return harness.started();
    }

    /** A call by somebody who can be asked. */
    private CompletionStage<RpcOutcome> call(Duration timeout) {
        CallListener caller = new CallListener() {
            @Override
            public CompletionStage<RpcOutcome> asked(RpcRequest request) {
                Promise<RpcOutcome> answer = new Promise<>(Runnable::run);
                questions.add(answer);
                return answer;
            }
        };
        CompletionStage<RpcOutcome> stage = hub.server("asks")
                .request(
                        "tools/call",
                        null,
                        CallOptions.builder()
                                .listener(caller)
                                .profile(new ClientProfile(
                                        JsonText.of("{\"elicitation\":{}}"), Optional.empty(), Optional.empty(), true))
                                .timeout(timeout)
                                .build());
        harness.time.runDue();
        return stage;
    }

    private CompletionStage<RpcOutcome> silent() {
        CompletionStage<RpcOutcome> stage = call(Duration.ofSeconds(30));
        last().context().asked(new RpcRequest(JsonText.of("7"), "elicitation/create", null));
        harness.time.runDue();
        return stage;
    }

    private FakeCall last() {
        return running.get(running.size() - 1);
    }

    @Test
    void asManyCallersMayThinkAsThereAreConnectionsAndNobodyHurriesThemWhileNobodyWaits() {
        List<CompletionStage<RpcOutcome>> stages = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            stages.add(silent());
        }
        harness.time.advance(Duration.ofMinutes(9));
        questions.forEach(question -> question.succeed(new RpcResult(JsonText.EMPTY_OBJECT)));
        running.forEach(call -> call.answer(JsonText.EMPTY_OBJECT));

        stages.forEach(stage -> assertEquals(new RpcResult(JsonText.EMPTY_OBJECT), harness.now(stage)));
        assertEquals(CONNECTIONS, running.size());
    }

    @Test
    void oneMoreTakesThePlaceOfTheFirstThatHasBeenSilentForLongButOfNoneBefore() {
        List<CompletionStage<RpcOutcome>> stages = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            stages.add(silent());
            harness.time.advance(Duration.ofMillis(10));
        }
        CompletionStage<RpcOutcome> newcomer = call(Duration.ofMinutes(5));
        harness.time.advance(BridgePool.PATIENCE.minusMillis(161));
        assertEquals(CONNECTIONS, running.size(), "calls that reached a server");
        assertFalse(stages.get(0).toCompletableFuture().isDone());

        harness.time.advance(Duration.ofMillis(1));
        CallTimeoutException displaced = harness.failsNow(CallTimeoutException.class, stages.get(0));
        assertTrue(displaced.dispatched());
        assertEquals(CONNECTIONS + 1, running.size());
        assertFalse(stages.get(1).toCompletableFuture().isDone());
        last().answer(JsonText.EMPTY_OBJECT);
        assertEquals(new RpcResult(JsonText.EMPTY_OBJECT), harness.now(newcomer));
    }

    @Test
    void oneWhoAnsweredIsNotSilent() {
        List<CompletionStage<RpcOutcome>> stages = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            stages.add(silent());
        }
        questions.get(3).succeed(new RpcResult(JsonText.EMPTY_OBJECT));
        harness.time.advance(BridgePool.PATIENCE.dividedBy(2));
        running.get(3).context().asked(new RpcRequest(JsonText.of("8"), "elicitation/create", null));
        harness.time.advance(BridgePool.PATIENCE.dividedBy(2));
        for (int i = 1; i < CONNECTIONS; i++) {
            call(Duration.ofMinutes(5));
        }

        assertFalse(stages.get(3).toCompletableFuture().isDone());
        assertEquals(
                CONNECTIONS - 1,
                stages.stream()
                        .filter(stage -> stage.toCompletableFuture().isDone())
                        .count());
    }

    @Test
    void whoWaitsForAConnectionInVainIsToldThatTheServerIsBusyAndTheBreakerHearsNothingOfIt() {
        for (int i = 0; i < CONNECTIONS; i++) {
            silent();
        }
        List<CompletionStage<RpcOutcome>> waiting = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            waiting.add(call(Duration.ofSeconds(10)));
        }
        harness.time.advance(Duration.ofSeconds(10));

        for (CompletionStage<RpcOutcome> stage : waiting) {
            BusyException busy = harness.failsNow(BusyException.class, stage);
            assertEquals("process.max", busy.bound());
            assertTrue(busy.retryable());
        }
        assertEquals(CONNECTIONS, running.size());
        assertEquals(BreakerState.CLOSED, hub.server("asks").breaker().status().state());
        assertEquals(0, hub.server("asks").breaker().status().recentFailures());
    }

    @Test
    void whoWaitsForPeopleWhoWentAwayIsServedInTheTimeThatACallHasByDefaultAndTheServerIsNotBlamed() {
        for (int i = 0; i < CONNECTIONS; i++) {
            silent();
        }
        for (int i = 0; i < 8; i++) {
            call(Duration.ofSeconds(30));
        }
        harness.time.advance(BridgePool.PATIENCE);

        assertEquals(CONNECTIONS + 8, running.size());
        assertEquals(0, hub.server("asks").breaker().status().recentFailures());
    }
}
