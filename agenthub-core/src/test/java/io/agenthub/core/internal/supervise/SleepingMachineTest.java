package io.agenthub.core.internal.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.bridge.Bridge;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.server.ManagedServer;
import io.agenthub.api.server.ServerNotReadyException;
import io.agenthub.api.server.ServerState;
import io.agenthub.tck.Await;
import io.agenthub.tck.FakeBridge;
import io.agenthub.tck.FakeScript;
import io.agenthub.tck.ManualScheduler;
import io.agenthub.tck.RecordingCallContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When the machine has slept, a server is asked whether it lives before it is used; other jumps of the clock change nothing. */
class SleepingMachineTest {
    private static final Duration NIGHT = Duration.ofHours(8);

    /** Without health checks, so that nothing else asks. */
    private final RunningServer running = new RunningServer(Duration.ZERO);

    private final ManualScheduler time = running.time;
    private final ManagedServer server = running.server;
    private final FakeBridge bridge = running.bridge;

    @AfterEach
    void end() {
        running.close();
    }

    @Test
    void oneThatStillAnswersIsUsedOnceItHas() {
        time.shiftClock(NIGHT);
        CompletionStage<Bridge> first = server.bridge();
        CompletionStage<Bridge> second = server.bridge();
        assertFalse(first.toCompletableFuture().isDone(), "not before it has answered");
        time.runDue();

        assertEquals(1, bridge.calls("ping").size(), "asked once, for all who wait");
        assertSame(bridge, Await.value(first));
        assertSame(bridge, Await.value(second));
        assertTrue(server.bridge().toCompletableFuture().isDone(), "then as ever");
        assertEquals(1, bridge.calls("ping").size());
    }

    @Test
    void oneThatDoesNotIsStartedAnew() {
        bridge.dispatching(false);
        time.shiftClock(NIGHT);
        CompletionStage<Bridge> waiting = server.bridge();
        time.advance(Duration.ofSeconds(6));

        ServerNotReadyException refusal = Await.failure(ServerNotReadyException.class, waiting);
        assertTrue(refusal.getMessage().contains("sleep"), refusal.getMessage());
        assertTrue(bridge.isClosed());
        assertNotSame(bridge, running.connector.bridge(), "another was opened");
        assertEquals(ServerState.RUNNING, server.status().state());
    }

    @Test
    void oneThatIsAtWorkIsNotJudgedByItsSilence() {
        bridge.otherwise(call -> {}).on("ping", call -> {});
        CompletionStage<RpcOutcome> work =
                bridge.request("tools/call", JsonText.EMPTY_OBJECT, new RecordingCallContext());
        time.runDue();
        time.shiftClock(NIGHT);
        CompletionStage<Bridge> waiting = server.bridge();
        time.advance(Duration.ofSeconds(6));

        assertSame(bridge, Await.value(waiting));
        assertFalse(bridge.isClosed());
        assertFalse(work.toCompletableFuture().isDone());
    }

    @Test
    void aHealthCheckThatCouldNotBeCalledOffAnyMoreTakesNoAnswerAway() {
        List<String> dead = new ArrayList<>();
        List<Boolean> alive = new ArrayList<>();
        HealthCheck check = new HealthCheck(bridge, time, Duration.ofSeconds(10), dead::add, warnings -> {});
        time.cancelTooLate();
        check.begin();
        time.advance(Duration.ofMillis(9_999));
        bridge.on("ping", FakeScript.answer("{}").after(time, Duration.ofMillis(5)));
        check.probe(() -> alive.add(true));
        time.advance(Duration.ofMillis(10));
        assertEquals(List.of(true), alive);

        time.advance(Duration.ofSeconds(60));
        assertEquals(List.of(true), alive);
        assertEquals(List.of(), dead);
        assertTrue(bridge.calls("ping").size() <= 7, "one row of checks goes on, not two");
    }

    @Test
    void oneThatIsStoppedMeanwhileKeepsNobodyWaiting() {
        bridge.dispatching(false);
        time.shiftClock(NIGHT);
        CompletionStage<Bridge> waiting = server.bridge();
        time.runDue();
        CompletionStage<?> stopped = server.stop();
        time.advance(Duration.ofSeconds(1));

        Await.failure(ServerNotReadyException.class, waiting);
        Await.value(stopped);
    }

    @Test
    void oneThatEndsMeanwhileKeepsNobodyWaiting() {
        bridge.dispatching(false);
        time.shiftClock(NIGHT);
        CompletionStage<Bridge> waiting = server.bridge();
        time.runDue();
        bridge.exit(1);
        time.runDue();

        Await.failure(ServerNotReadyException.class, waiting);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT-8H", "PT-31S", "PT29S", "PT0S"})
    void aClockThatIsSetALittleOrBackAsksNobody(Duration shift) {
        time.shiftClock(shift);
        assertTrue(server.bridge().toCompletableFuture().isDone());
        time.advance(Duration.ofMinutes(10));
        assertTrue(server.bridge().toCompletableFuture().isDone());
        assertTrue(bridge.calls().isEmpty());
    }

    @Test
    void everyNightIsNoticed() {
        for (int night = 1; night <= 3; night++) {
            time.shiftClock(NIGHT);
            CompletionStage<Bridge> first = server.bridge();
            time.runDue();
            assertSame(bridge, Await.value(first));
            assertEquals(night, bridge.calls("ping").size());
        }
    }
}
