package io.agenthub.tck;

import static io.agenthub.api.server.ServerState.BACKING_OFF;
import static io.agenthub.api.server.ServerState.FAILED;
import static io.agenthub.api.server.ServerState.RUNNING;
import static io.agenthub.api.server.ServerState.STARTING;
import static io.agenthub.api.server.ServerState.STOPPED;
import static io.agenthub.api.server.ServerState.STOPPING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.BusyException;
import io.agenthub.api.bridge.Bridge;
import io.agenthub.api.bridge.ConnectException;
import io.agenthub.api.server.ManagedServer;
import io.agenthub.api.server.ServerLimits;
import io.agenthub.api.server.ServerNotReadyException;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.api.server.ServerStatus;
import io.agenthub.api.server.StartMode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * The contract of {@link io.agenthub.api.server.Supervisor}, {@link ManagedServer} and {@link
 * io.agenthub.api.server.SupervisorListener} but for restarts, one test per sentence, on virtual time.
 *
 * <p>Extend it and say how the supervisor is made; extend {@link RestartTck} too.
 */
public abstract class SupervisorTck extends ServerStatusTck {
    private static final Duration SECOND = Duration.ofSeconds(1);

    /** For subclasses. */
    protected SupervisorTck() {}

    // Adding and finding

    @Test
    void aServerOnDemandIsStoppedUntilItsFirstUse() {
        ManagedServer server = add(spec().build());
        time.advance(Duration.ofHours(1));
        assertEquals(STOPPED, server.status().state());
        assertEquals(0, connector.attempts().size());
        now(server.bridge());
        assertEquals(RUNNING, server.status().state());
    }

    @Test
    void anEagerServerIsStartedAtOnce() {
        assertEquals(
                RUNNING, add(spec().start(StartMode.EAGER).build()).status().state());
    }

    @Test
    void aNameIsTakenOnce() {
        add(spec().build());
        assertThrows(IllegalArgumentException.class, () -> supervisor.add(spec().build(), connector));
    }

    @Test
    void serversAreFoundByNameAndListedInOrder() {
        for (String name : List.of("m", "z", "a")) {
            add(ServerSpec.builder(name, "fake").build());
        }
        assertEquals(
                List.of("a", "m", "z"),
                supervisor.servers().stream()
                        .map(server -> server.spec().name())
                        .toList());
        assertEquals("m", supervisor.server("m").orElseThrow().spec().name());
        assertEquals(Optional.empty(), supervisor.server("b"));
    }

    @Test
    void theSpecIsTheOneTheServerWasAddedWith() {
        ServerSpec spec = spec().startTimeout(Duration.ofSeconds(3)).build();
        ManagedServer server = add(spec);
        assertEquals(spec, server.spec());
        now(server.bridge());
        assertEquals(Duration.ofSeconds(3), connector.lastAttempt().request().timeout());
    }

    // The bridge

    @Test
    void theBridgeIsThereAtOnceWhileTheServerRuns() {
        ManagedServer server = running(spec());
        CompletionStage<Bridge> stage = server.bridge();
        assertTrue(stage.toCompletableFuture().isDone());
        assertSame(connector.bridge(), Await.value(stage));
    }

    @Test
    void callsWaitForAStartingServerAndShareItsBridge() {
        connector.connectTakes(SECOND);
        ManagedServer server = add(spec().build());
        List<CompletionStage<Bridge>> waiting =
                IntStream.range(0, 10).mapToObj(i -> server.bridge()).toList();
        assertTrue(isPending(waiting.get(0)));
        assertEquals(STARTING, server.status().state());
        time.advance(SECOND);
        waiting.forEach(stage -> assertSame(connector.bridge(), now(stage)));
        assertEquals(1, connector.attempts().size());
    }

    @Test
    void cancellingAWaitForTheBridgeIsWithoutEffectOnTheServer() {
        connector.connectTakes(SECOND);
        ManagedServer server = add(spec().build());
        CompletionStage<Bridge> impatient = server.bridge();
        CompletionStage<Bridge> patient = server.bridge();
        time.runDue();
        impatient.toCompletableFuture().cancel(true);
        time.advance(SECOND);
        assertSame(connector.bridge(), now(patient));
        assertFalse(connector.lastAttempt().isCancelled());
    }

    @Test
    void moreCallsThanMaxWaitingAreRefusedAtOnce() {
        connector.connectTakes(SECOND);
        ManagedServer server =
                add(spec().limits(new ServerLimits(10, 1_024, 3, 1_024)).build());
        List<CompletionStage<Bridge>> waiting =
                IntStream.range(0, 3).mapToObj(i -> server.bridge()).toList();
        BusyException busy = failed(BusyException.class, server.bridge());
        assertEquals("maxWaiting", busy.bound());
        assertEquals(3, busy.limit());
        time.advance(SECOND);
        waiting.forEach(this::now);
    }

    @Test
    void aServerThatCannotBeStartedFailsTheCallsThatWaitForIt() {
        connector.thenFails();
        ConnectException failure =
                failed(ConnectException.class, add(spec().build()).bridge());
        assertFalse(failure.dispatched());
    }

    @Test
    void aServerThatBacksOffRefusesCallsAndSaysWhenToTryAgain() {
        connector.alwaysFails();
        ManagedServer server = add(spec().start(StartMode.EAGER).build());
        ServerNotReadyException refusal = failed(ServerNotReadyException.class, server.bridge());
        assertEquals(BACKING_OFF, refusal.state());
        assertEquals("fake", refusal.server().orElse(""));
        assertTrue(refusal.retryAfter().orElseThrow().compareTo(Duration.ofMillis(250)) <= 0);
        assertTrue(refusal.retryable());
    }

    // Starting and stopping

    @Test
    void startingIsSingleFlight() {
        connector.connectTakes(SECOND);
        ManagedServer server = add(spec().build());
        CompletionStage<ServerStatus> one = server.start();
        CompletionStage<ServerStatus> two = server.start();
        CompletionStage<Bridge> call = server.bridge();
        time.advance(SECOND);
        assertEquals(RUNNING, now(one).state());
        assertEquals(RUNNING, now(two).state());
        now(call);
        assertEquals(1, connector.attempts().size());
    }

    @Test
    void startingARunningServerIsWithoutEffect() {
        ManagedServer server = running(spec());
        assertEquals(RUNNING, now(server.start()).state());
        assertEquals(1, connector.attempts().size());
    }

    @Test
    void aStartThatFailsIsToldAndTriedAgain() {
        connector.thenFails();
        ManagedServer server = add(spec().build());
        failed(ConnectException.class, server.start());
        assertEquals(BACKING_OFF, server.status().state());
        assertRestartsAfter(EXACT.initialDelay());
        assertEquals(RUNNING, server.status().state());
    }

    @Test
    void aConnectorThatThrowsOrReturnsNullIsAFailedStart() {
        ManagedServer throwing = add(spec().build(), request -> {
            throw new IllegalStateException("third party");
        });
        failed(RuntimeException.class, throwing.start());
        assertEquals(BACKING_OFF, throwing.status().state());
        now(supervisor.remove("fake"));
        ManagedServer nothing = add(spec().build(), request -> null);
        failed(RuntimeException.class, nothing.start());
        assertEquals(BACKING_OFF, nothing.status().state());
    }

    @Test
    void stoppingCompletesWhenNothingIsLeftAndKeepsTheServerDown() {
        connector.preparing(bridge -> bridge.closeTakes(SECOND));
        ManagedServer server = running(spec());
        CompletionStage<ServerStatus> stopped = server.stop();
        assertTrue(isPending(stopped));
        assertEquals(STOPPING, server.status().state());
        time.advance(SECOND);
        assertEquals(STOPPED, now(stopped).state());
        time.advance(Duration.ofDays(1));
        ServerNotReadyException refusal = failed(ServerNotReadyException.class, server.bridge());
        assertEquals(STOPPED, refusal.state());
        assertEquals(Optional.empty(), refusal.retryAfter());
        assertEquals(1, connector.attempts().size());
        assertEquals(RUNNING, now(server.start()).state());
    }

    @Test
    void stoppingAStoppedServerCompletes() {
        ManagedServer server = add(spec().build());
        assertEquals(STOPPED, now(server.stop()).state());
        assertEquals(STOPPED, now(server.stop()).state());
    }

    @Test
    void stoppingAbandonsAStartAndFailsWhoWaitsForIt() {
        connector.thenHangs();
        ManagedServer server = add(spec().build());
        CompletionStage<ServerStatus> start = server.start();
        CompletionStage<Bridge> call = server.bridge();
        time.runDue();
        assertEquals(STOPPED, now(server.stop()).state());
        assertTrue(connector.lastAttempt().isCancelled());
        failed(ServerNotReadyException.class, start);
        failed(ServerNotReadyException.class, call);
    }

    @Test
    void stoppingJustAsAStartSucceedsEndsThatConnectionFirst() {
        connector.thenHangs().preparing(bridge -> bridge.closeTakes(SECOND));
        ManagedServer server = add(spec().build());
        server.start();
        time.runDue();
        CompletionStage<ServerStatus> stopped = server.stop();
        connector.lastAttempt().succeed();
        assertTrue(isPending(stopped), "told to be stopped while the connection is open");
        time.advance(SECOND);
        assertEquals(STOPPED, now(stopped).state());
        assertTrue(connector.bridge().isClosed());
    }

    @Test
    void stoppingEndsTheAttemptsOfAServerThatBacksOff() {
        connector.alwaysFails();
        ManagedServer server = add(spec().start(StartMode.EAGER).build());
        now(server.stop());
        int attempts = connector.attempts().size();
        time.advance(Duration.ofHours(1));
        assertEquals(attempts, connector.attempts().size());
        assertEquals(STOPPED, server.status().state());
    }

    @Test
    void restartingMakesANewIncarnationAfterTheOldOneIsGone() {
        connector.preparing(bridge -> bridge.closeTakes(SECOND));
        ManagedServer server = running(spec());
        FakeBridge old = connector.bridge();
        CompletionStage<ServerStatus> restarted = server.restart();
        time.advance(Duration.ofMillis(999));
        assertEquals(1, connector.attempts().size());
        time.advance(Duration.ofMillis(1));
        assertEquals(RUNNING, now(restarted).state());
        assertTrue(old.isClosed());
        assertNotSame(old, now(server.bridge()));
    }

    @Test
    void restartingAStoppedServerStartsIt() {
        assertEquals(RUNNING, now(add(spec().build()).restart()).state());
    }

    @Test
    void aServerThatDoesNotEndIsGivenUpAfterABoundedTime() {
        connector.preparing(FakeBridge::neverCloses);
        CompletionStage<ServerStatus> stopped = running(spec()).stop();
        time.advance(Duration.ofMinutes(1));
        assertEquals(STOPPED, now(stopped).state());
    }

    // Idle servers and health

    @Test
    void anIdleServerIsStoppedAndItsNextCallStartsIt() {
        ManagedServer server = running(spec().idleStop(Duration.ofMinutes(5)));
        time.advance(Duration.ofMinutes(4));
        now(server.bridge());
        time.advance(Duration.ofMinutes(4));
        assertEquals(RUNNING, server.status().state());
        time.advance(Duration.ofMinutes(2));
        assertEquals(STOPPED, server.status().state());
        assertTrue(connector.bridge().isClosed());
        time.advance(Duration.ofHours(1));
        assertEquals(1, connector.attempts().size());
        now(server.bridge());
        assertEquals(RUNNING, server.status().state());
    }

    @Test
    void aServerWithACallInFlightIsNotIdle() {
        connector.preparing(bridge -> bridge.on("tools/call", FakeScript.NEVER));
        ManagedServer server = running(spec().idleStop(Duration.ofMinutes(5)));
        now(server.bridge()).request("tools/call", null, new RecordingCallContext());
        time.advance(Duration.ofHours(1));
        assertEquals(RUNNING, server.status().state());
        connector.bridge().calls("tools/call").get(0).stage().cancel(true);
        time.advance(Duration.ofMinutes(11));
        assertEquals(STOPPED, server.status().state());
    }

    @Test
    void aServerThatAnswersIsHealthy() {
        ManagedServer server = running(spec().healthInterval(Duration.ofSeconds(10)));
        time.advance(Duration.ofHours(1));
        assertEquals(RUNNING, server.status().state());
        assertTrue(connector.bridge().calls("ping").size() > 100, "it was hardly asked");
        assertEquals(1, connector.attempts().size());
    }

    @Test
    void oneMissedAnswerKillsNobodyButLastingSilenceDoes() {
        ManagedServer server = running(spec().healthInterval(Duration.ofSeconds(10)));
        FakeBridge bridge = connector.bridge();
        bridge.on("ping", FakeScript.NEVER);
        for (int second = 0; second < 60 && bridge.calls("ping").isEmpty(); second++) {
            time.advance(SECOND);
        }
        assertEquals(1, bridge.calls("ping").size(), "not asked within a minute");
        time.advance(Duration.ofSeconds(6));
        assertFalse(bridge.isClosed(), "one missed answer ended it");
        time.advance(Duration.ofMinutes(2));
        assertTrue(bridge.isClosed(), "two minutes of silence did not end it");
        assertEquals(RUNNING, server.status().state(), "it was not brought back");
    }

    @Test
    void withoutAHealthIntervalNobodyAsks() {
        running(spec());
        time.advance(Duration.ofHours(1));
        assertEquals(List.of(), connector.bridge().calls("ping"));
    }

    // Removing and closing

    @Test
    void removingEndsTheServerAndForgetsIt() {
        connector.preparing(bridge -> bridge.closeTakes(SECOND));
        ManagedServer server = running(spec());
        CompletionStage<Void> removed = supervisor.remove("fake");
        assertTrue(isPending(removed));
        time.advance(SECOND);
        now(removed);
        assertEquals(Optional.empty(), supervisor.server("fake"));
        assertTrue(connector.bridge().isClosed());
        failed(ServerNotReadyException.class, server.bridge());
        failed(ServerNotReadyException.class, server.start());
        assertEquals(RUNNING, now(add(spec().build()).start()).state());
    }

    @Test
    void removingAnUnknownServerCompletesAtOnce() {
        assertTrue(supervisor.remove("nobody").toCompletableFuture().isDone());
    }

    @Test
    void closingStopsAllServersInParallelAndReturnsOneStage() {
        connector.preparing(bridge -> bridge.closeTakes(SECOND));
        for (String name : List.of("a", "b", "c")) {
            add(ServerSpec.builder(name, "fake").start(StartMode.EAGER).build());
        }
        CompletionStage<Void> closed = supervisor.closeAsync();
        assertSame(closed, supervisor.closeAsync());
        assertTrue(isPending(closed));
        time.advance(SECOND);
        now(closed);
        assertSame(closed, supervisor.closeAsync());
        connector.bridges().forEach(bridge -> assertTrue(bridge.isClosed()));
    }

    @Test
    void aClosedSupervisorStartsNothing() {
        ManagedServer server = running(spec());
        CompletionStage<Void> closed = supervisor.closeAsync();
        now(closed);
        int attempts = connector.attempts().size();
        CompletionStage<ServerStatus> start = server.start();
        CompletionStage<Bridge> call = server.bridge();
        time.advance(Duration.ofHours(1));
        failed(RuntimeException.class, start);
        failed(RuntimeException.class, call);
        assertEquals(attempts, connector.attempts().size());
        assertFalse(server.status().state() == FAILED);
    }
}
