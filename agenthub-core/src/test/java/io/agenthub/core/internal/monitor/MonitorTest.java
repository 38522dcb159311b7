package io.agenthub.core.internal.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.monitor.Alert;
import io.agenthub.api.monitor.LoopStats;
import io.agenthub.api.monitor.MonitorPolicy;
import io.agenthub.tck.Await;
import io.agenthub.tck.ManualScheduler;
import io.netty.util.concurrent.DefaultEventExecutor;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The monitor on virtual time; its one loop runs its tasks when the test says so. */
class MonitorTest {
    private final ManualScheduler time = new ManualScheduler();
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final List<String> heard = new ArrayList<>();
    private int pending;
    private boolean loopEnded;

    private final Executor loop = task -> {
        if (loopEnded) {
            throw new RejectedExecutionException("ended");
        }
        tasks.add(task);
    };

    private final Monitor monitor = monitor(MonitorPolicy.DEFAULT);

    private final class Hearing implements AlertListener {
        @Override
        public void raised(Alert alert) {
            heard.add("raised " + alert.kind());
        }

        @Override
        public void cleared(Alert alert) {
            heard.add("cleared " + alert.kind());
        }
    }

    private Monitor monitor(MonitorPolicy policy) {
        return new Monitor(policy, time, List.of(loop), () -> pending, new Hearing());
    }

    private void runLoop() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    /** Ten looks, a second, with a loop that does its work or does not. */
    private void second(boolean working) {
        for (int i = 0; i < 10; i++) {
            time.advance(Duration.ofMillis(100));
            if (working) {
                runLoop();
            }
        }
    }

    private LoopStats stats() {
        return monitor.loops().get(0);
    }

    @Test
    void aLoopThatWorksHasNoLagAndRaisesNothing() {
        monitor.begin();
        second(true);
        assertEquals(Duration.ZERO, stats().lag());
        assertEquals(List.of(), heard);
        assertEquals(List.of(), monitor.alerts());
    }

    @Test
    void aLoopThatRunsNothingIsSeenWhileItStandsAndClearedOnceItGoesOn() {
        monitor.begin();
        second(true);
        second(false);
        assertEquals(List.of("raised LOOP_LAG"), heard);
        Alert alert = monitor.alerts().get(0);
        assertEquals(Alert.Kind.LOOP_LAG, alert.kind());
        assertEquals(0.1, alert.limit());
        assertTrue(alert.value() > 0.1, alert.toString());
        assertTrue(stats().lag().toMillis() >= 900, stats().toString());
        assertEquals(1, monitor.alertsRaised().get(Alert.Kind.LOOP_LAG));

        runLoop();
        second(true);
        assertEquals(List.of("raised LOOP_LAG", "cleared LOOP_LAG"), heard);
        assertEquals(List.of(), monitor.alerts());
        assertEquals(Duration.ZERO, stats().lag());
        assertTrue(stats().recentMaxLag().toMillis() >= 900, "it is remembered for a while");
        for (int i = 0; i < 61; i++) {
            second(true);
        }
        assertEquals(Duration.ZERO, stats().recentMaxLag());
    }

    @Test
    void theLagIsTheTimeBetweenSendingAndRunning() {
        monitor.begin();
        time.advance(Duration.ofMillis(100));
        time.advance(Duration.ofMillis(70));
        runLoop();
        assertEquals(Duration.ofMillis(70), stats().lag());
    }

    @ParameterizedTest
    @ValueSource(ints = {110, 150, 250, 350, 490, 650, 2_000})
    void aLoopThatIsAlwaysLateIsSeenHoweverLateItIs(int millis) {
        monitor.begin();
        int age = -10;
        for (int at = 0; at < 20_000; at += 10) {
            time.advance(Duration.ofMillis(10));
            age = tasks.isEmpty() ? -10 : age + 10;
            if (age >= millis) {
                runLoop();
                age = -10;
            }
            if (!heard.isEmpty()) {
                assertTrue(stats().lag().toMillis() >= Math.min(millis, 500), "whenever one looks: " + stats());
            }
        }
        assertEquals(List.of("raised LOOP_LAG"), heard);
        runLoop();
        second(true);
        assertEquals(List.of("raised LOOP_LAG", "cleared LOOP_LAG"), heard);
    }

    @Test
    void anAlertThatStandsShowsWhatWasSeenLast() {
        pending = 1_001;
        monitor.begin();
        second(true);
        Alert raised = monitor.alerts().get(0);
        pending = 5_000;
        second(true);
        Alert standing = monitor.alerts().get(0);

        assertEquals(1_001, raised.value());
        assertEquals(5_000, standing.value());
        assertEquals(raised.since(), standing.since());
        assertEquals(List.of("raised PENDING_CALLS"), heard);
    }

    @Test
    void oneLateTaskIsMeasuredButRaisesNothing() {
        monitor.begin();
        time.advance(Duration.ofMillis(450));
        runLoop();
        second(true);
        assertEquals(List.of(), heard, "it was over before half a second");
        assertEquals(Duration.ofMillis(350), stats().recentMaxLag());
    }

    @Test
    void aMachineThatStandsStillIsNotTheLoopsFault() {
        StutteringScheduler late = new StutteringScheduler(time);
        Monitor stuttering = new Monitor(MonitorPolicy.DEFAULT, late, List.of(loop), () -> 0, new Hearing());
        late.extra = Duration.ofMillis(500);
        stuttering.begin();
        // Each look comes half a second late, and the probe runs when the machine goes on.
        for (int i = 0; i < 20; i++) {
            time.advance(Duration.ofMillis(590));
            runLoop();
            time.advance(Duration.ofMillis(10));
        }
        assertTrue(stuttering.loops().get(0).recentMaxLag().toMillis() > 500, "it is measured");
        assertEquals(Duration.ofMillis(90), stuttering.loops().get(0).lag(), "what was the machine's is not shown");
        assertEquals(List.of("raised LOOP_LAG"), heard, "once, for the control thread that looked late");
    }

    @Test
    void tooManyCallsInFlightRaiseAnAlertUntilTheyAreClearlyFewer() {
        monitor.begin();
        pending = 1_000;
        second(true);
        assertEquals(List.of(), heard);
        pending = 1_001;
        second(true);
        assertEquals(List.of("raised PENDING_CALLS"), heard);
        pending = 900;
        second(true);
        assertEquals(1, heard.size(), "still too close to the limit");
        pending = 800;
        second(true);
        assertEquals(List.of("raised PENDING_CALLS", "cleared PENDING_CALLS"), heard);
    }

    @Test
    void aMonitorThatIsOffNeverLooks() {
        Monitor off = monitor(MonitorPolicy.OFF);
        off.begin();
        second(false);
        assertEquals(0, tasks.size());
        assertEquals(List.of(), off.loops());
        assertEquals(0, time.pending());
    }

    @Test
    void anEndedMonitorLooksNoMore() {
        monitor.begin();
        second(true);
        monitor.end();
        monitor.end();
        second(false);
        assertEquals(0, tasks.size());
        assertEquals(0, time.pending());
    }

    @Test
    void aLoopThatHasEndedIsNoReasonToFail() {
        monitor.begin();
        second(true);
        loopEnded = true;
        second(true);
        assertEquals(List.of(), heard);
        assertEquals(List.of(), time.failures());
    }

    @Test
    void aRealLoopTellsItsNameItsQueueAndItsCpuTime() {
        DefaultEventExecutor real = new DefaultEventExecutor();
        try {
            Monitor watching = new Monitor(MonitorPolicy.DEFAULT, time, List.of(real), () -> 0, new Hearing());
            watching.begin();
            time.advance(Duration.ofMillis(100));
            String name = Await.value(
                    CompletableFuture.supplyAsync(() -> Thread.currentThread().getName(), real));
            LoopStats stats = watching.loops().get(0);
            assertEquals(name, stats.name());
            assertEquals(0, stats.queuedTasks());
            assertTrue(stats.cpuTime().isPresent());
        } finally {
            real.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }
}
