package io.agenthub.tck;

import static io.agenthub.api.server.ServerState.BACKING_OFF;
import static io.agenthub.api.server.ServerState.FAILED;
import static io.agenthub.api.server.ServerState.RUNNING;
import static io.agenthub.api.server.ServerState.STOPPED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.server.ManagedServer;
import io.agenthub.api.server.RestartPolicy;
import io.agenthub.api.server.ServerNotReadyException;
import io.agenthub.api.server.StartMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a supervisor brings servers back, one test per sentence of {@link RestartPolicy}, on virtual time. */
public abstract class RestartTck extends SupervisorFixture {
    private static final Duration LONG = Duration.ofHours(2);

    /** For subclasses. */
    protected RestartTck() {}

    @Test
    void aServerThatEndedByItselfIsBroughtBackWithGrowingDelays() {
        running(spec().restart(policy(0, 20, Duration.ofMinutes(10))));
        for (int attempt = 1; attempt <= 10; attempt++) {
            exit();
            assertRestartsAfter(EXACT.delay(attempt));
        }
        assertEquals(EXACT.maxDelay(), EXACT.delay(10), "the longest delay was not reached");
    }

    @Test
    void aStartThatFailsCountsLikeAnExit() {
        connector.alwaysFails();
        add(spec().restart(policy(0, 20, Duration.ofMinutes(10)))
                .start(StartMode.EAGER)
                .build());
        for (int attempt = 1; attempt <= 10; attempt++) {
            assertRestartsAfter(EXACT.delay(attempt));
        }
    }

    @Test
    void eachDelayVariesWithinTheJitter() {
        RestartPolicy policy = policy(0.2, 100, Duration.ofMinutes(60));
        running(spec().restart(policy));
        HashSet<Duration> seen = new HashSet<>();
        for (int attempt = 1; attempt <= 30; attempt++) {
            exit();
            Duration before = Duration.ofNanos(time.nanoTime());
            int attempts = connector.attempts().size();
            while (connector.attempts().size() == attempts) {
                assertTrue(time.advanceToNext(), "no restart is planned");
            }
            Duration took = Duration.ofNanos(time.nanoTime()).minus(before);
            Duration exact = policy.delay(attempt);
            assertTrue(took.compareTo(scaled(exact, 0.799)) >= 0, "attempt " + attempt + " after " + took);
            assertTrue(took.compareTo(scaled(exact, 1.201)) <= 0, "attempt " + attempt + " after " + took);
            if (exact.equals(policy.maxDelay())) {
                seen.add(took);
            }
        }
        assertTrue(seen.size() > 10, "the delays do not vary: " + seen);
    }

    @Test
    void moreExitsThanAllowedWithinTheWindowMakeTheServerFailed() {
        ManagedServer server = running(spec());
        for (int exit = 1; exit <= 5; exit++) {
            exit();
            assertEquals(BACKING_OFF, server.status().state(), "after exit " + exit);
            time.advance(EXACT.delay(exit));
            assertEquals(RUNNING, server.status().state());
        }
        exit();
        assertEquals(FAILED, server.status().state());
        ServerNotReadyException refusal = failed(ServerNotReadyException.class, server.bridge());
        assertEquals(FAILED, refusal.state());
        assertTrue(refusal.retryAfter().orElseThrow().compareTo(EXACT.probeInterval()) <= 0);
    }

    @Test
    void exitsOutsideTheWindowAreForgotten() {
        ManagedServer server = running(spec());
        for (int exit = 1; exit <= 30; exit++) {
            exit();
            assertEquals(BACKING_OFF, server.status().state(), "after exit " + exit);
            time.advance(Duration.ofSeconds(45));
            assertEquals(RUNNING, server.status().state());
        }
    }

    @Test
    void aHealthyRunOfTheWindowForgivesEverything() {
        ManagedServer server = running(spec());
        for (int exit = 1; exit <= 4; exit++) {
            exit();
            time.advance(EXACT.delay(exit));
        }
        time.advance(EXACT.window().plusMillis(1));
        exit();
        assertRestartsAfter(EXACT.initialDelay());
        for (int exit = 2; exit <= 5; exit++) {
            exit();
            assertEquals(BACKING_OFF, server.status().state(), "exits before the healthy run count");
            time.advance(EXACT.delay(exit));
        }
    }

    @Test
    void aStartAloneForgivesNothing() {
        running(spec());
        exit();
        assertRestartsAfter(EXACT.delay(1));
        time.advance(EXACT.window().minusSeconds(1));
        exit();
        assertRestartsAfter(EXACT.delay(2));
    }

    @Test
    void aFailedServerIsTriedOncePerProbeInterval() {
        connector.alwaysFails();
        ManagedServer server = failedServer(EXACT);
        for (int probe = 1; probe <= 5; probe++) {
            assertRestartsAfter(server.status().retryIn().orElseThrow());
            assertEquals(FAILED, server.status().state(), "after probe " + probe);
            Duration next = server.status().retryIn().orElseThrow();
            assertTrue(next.compareTo(EXACT.probeInterval().minusMillis(2)) >= 0, "the next probe comes in " + next);
        }
        connector.alwaysSucceeds();
        time.advance(EXACT.probeInterval());
        assertEquals(RUNNING, server.status().state());
    }

    @Test
    void aProbeIntervalOfZeroMeansNever() {
        connector.alwaysFails();
        ManagedServer server = failedServer(
                new RestartPolicy(EXACT.initialDelay(), EXACT.maxDelay(), 2, 0, 2, EXACT.window(), Duration.ZERO));
        int attempts = connector.attempts().size();
        time.advance(Duration.ofDays(7));
        assertEquals(attempts, connector.attempts().size());
        assertEquals(FAILED, server.status().state());
        assertEquals(Optional.empty(), server.status().retryIn());
        assertEquals(
                Optional.empty(),
                failed(ServerNotReadyException.class, server.bridge()).retryAfter());
    }

    @Test
    void startingByHandIsTheWayOutOfFailed() {
        connector.alwaysFails();
        ManagedServer server = failedServer(EXACT);
        connector.alwaysSucceeds();
        assertEquals(RUNNING, now(server.start()).state());
        exit();
        assertEquals(BACKING_OFF, server.status().state(), "the past was not forgiven");
    }

    @Test
    void stoppingAFailedServerStopsIt() {
        connector.alwaysFails();
        ManagedServer server = failedServer(EXACT);
        assertEquals(STOPPED, now(server.stop()).state());
        int attempts = connector.attempts().size();
        time.advance(LONG);
        assertEquals(attempts, connector.attempts().size());
    }

    @Test
    void aServerThatExitsAtOnceForTenMinutesIsTriedAtMostEightTimes() {
        connector.alwaysFails();
        add(spec().restart(RestartPolicy.DEFAULT).start(StartMode.EAGER).build());
        time.advance(Duration.ofMinutes(10));
        assertTrue(connector.attempts().size() <= 8, connector.attempts().size() + " attempts");
    }

    @Test
    void anExitWhileStoppingIsNoReasonToRestart() {
        connector.preparing(FakeBridge::neverCloses);
        ManagedServer server = running(spec());
        CompletionStage<?> stopped = server.stop();
        exit();
        now(stopped);
        time.advance(LONG);
        assertEquals(STOPPED, server.status().state());
        assertEquals(1, connector.attempts().size());
    }

    /**
     * Whatever happens in whatever order: changes are legal (the fixture checks), there is at most one connection, every stage
     * ends, and after closing nothing is left.
     */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void anyOrderOfEventsKeepsTheInvariants(int part) {
        for (int run = 0; run < 250; run++) {
            long seed = part * 1_000L + run;
            try {
                new Simulation(seed).run();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
        }
    }

    private ManagedServer failedServer(RestartPolicy policy) {
        ManagedServer server = add(spec().restart(policy).start(StartMode.EAGER).build());
        for (int i = 0; i < 20 && server.status().state() != FAILED; i++) {
            time.advance(server.status().retryIn().orElseThrow());
        }
        assertEquals(FAILED, server.status().state());
        return server;
    }

    private static RestartPolicy policy(double jitter, int maxExits, Duration window) {
        return new RestartPolicy(
                EXACT.initialDelay(), EXACT.maxDelay(), 2, jitter, maxExits, window, EXACT.probeInterval());
    }

    private static Duration scaled(Duration duration, double factor) {
        return Duration.ofNanos((long) (duration.toNanos() * factor));
    }

    /** One random history of one server, decided by its seed alone. */
    private final class Simulation {
        private final Random random;
        private final ManualScheduler clock;
        private final TckContext lent;
        private final FakeConnector fake;
        private final Recorder recorder = new Recorder();
        private final List<CompletionStage<?>> stages = new ArrayList<>();

        Simulation(long seed) {
            random = new Random(seed);
            clock = new ManualScheduler(seed);
            lent = TckContext.manual(clock);
            fake = new FakeConnector("fake", lent);
        }

        void run() {
            var simulated = supervisor(lent, recorder);
            ManagedServer server = simulated.add(
                    spec().restart(RestartPolicy.DEFAULT)
                            .idleStop(Duration.ofSeconds(random.nextInt(3) * 20L))
                            .healthInterval(Duration.ofSeconds(random.nextInt(2) * 10L))
                            .build(),
                    fake);
            for (int step = 0; step < 60; step++) {
                step(server);
                check();
            }
            CompletionStage<Void> closed = simulated.closeAsync();
            clock.advance(Duration.ofMinutes(2));
            assertTrue(closed.toCompletableFuture().isDone(), "closeAsync() is pending");
            stages.forEach(stage -> assertTrue(stage.toCompletableFuture().isDone(), "a stage is pending"));
            check();
            assertEquals(0, clock.pending(), "tasks are left");
            assertEquals(STOPPED, server.status().state());
        }

        private void step(ManagedServer server) {
            switch (random.nextInt(12)) {
                case 0 -> stages.add(server.start());
                case 1 -> stages.add(server.stop());
                case 2 -> stages.add(server.restart());
                case 3, 4 -> stages.add(server.bridge());
                case 5 -> fake.connectTakes(Duration.ofMillis(random.nextInt(3) * 500L));
                case 6 -> fake.thenFails();
                case 7 -> fake.preparing(bridge -> bridge.closeTakes(Duration.ofMillis(random.nextInt(3) * 700L)));
                case 8, 9 -> fake.bridges().stream().filter(b -> !b.isClosed()).forEach(b -> b.exit(1));
                default -> clock.advance(Duration.ofMillis((long) Math.pow(10, random.nextDouble() * 5)));
            }
            if (random.nextBoolean()) {
                clock.runDue();
            }
        }

        private void check() {
            long open =
                    fake.bridges().stream().filter(bridge -> !bridge.isClosed()).count();
            assertTrue(open <= 1, open + " connections at once");
            assertEquals(List.of(), recorder.wrong);
            assertEquals(List.of(), clock.failures());
        }
    }
}
