package io.agenthub.core.internal.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.BusyException;
import io.agenthub.api.bridge.BridgeListener;
import io.agenthub.api.bridge.ConnectException;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.server.ProcessPolicy;
import io.agenthub.api.server.ServerLimits;
import io.agenthub.api.server.ServerNotReadyException;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.tck.Await;
import io.agenthub.tck.FakeConnector;
import io.agenthub.tck.ManualScheduler;
import io.agenthub.tck.TckContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class BridgePoolTest {
    private static final JsonText SAMPLING = JsonText.of("{\"sampling\":{}}");
    private static final JsonText ROOTS = JsonText.of("{\"roots\":{}}");

    private final ManualScheduler time = new ManualScheduler();
    private final FakeConnector connector = new FakeConnector("a", TckContext.manual(time));
    private final List<String> opened = new ArrayList<>();
    private final BridgePool pool = new BridgePool(
            ServerSpec.builder("a", "fake")
                    .process(new ProcessPolicy(ProcessPolicy.Mode.AUTO, 2))
                    .limits(new ServerLimits(10, 10_000, 1, 10_000))
                    .build(),
            connector,
            time,
            BridgeListener.NONE,
            (session, bridge) -> opened.add(session));

    private Lease now(CompletionStage<Lease> stage) {
        time.runDue();
        return Await.value(stage);
    }

    @Test
    void aConnectionIsOpenedWithWhatTheCallerCanBeAskedAndUsedAgain() {
        Lease first = now(pool.exclusive(SAMPLING));
        assertEquals(SAMPLING, connector.lastAttempt().request().clientCapabilities());
        assertEquals(List.of(), opened, "it is no session's");
        first.release(true);
        Lease second = now(pool.exclusive(SAMPLING));
        assertSame(first.bridge(), second.bridge());
        assertEquals(1, connector.attempts().size());
    }

    @Test
    void twoCallsAtOnceNeverShareAnExclusiveConnection() {
        assertNotSame(
                now(pool.exclusive(SAMPLING)).bridge(),
                now(pool.exclusive(SAMPLING)).bridge());
    }

    @Test
    void callersThatCanBeAskedDifferentThingsNeverShare() {
        Lease sampling = now(pool.exclusive(SAMPLING));
        sampling.release(true);
        assertNotSame(sampling.bridge(), now(pool.exclusive(ROOTS)).bridge());
    }

    @Test
    void beyondTheBoundACallWaitsForItsTurnAndBeyondTheQueueItIsRefused() {
        Lease first = now(pool.exclusive(SAMPLING));
        now(pool.exclusive(SAMPLING));
        CompletionStage<Lease> waits = pool.exclusive(SAMPLING);
        time.runDue();
        assertFalse(waits.toCompletableFuture().isDone());
        assertEquals(
                "maxWaiting",
                Await.failure(BusyException.class, pool.exclusive(SAMPLING)).bound());
        first.release(true);
        assertSame(first.bridge(), now(waits).bridge());
        assertEquals(2, pool.size());
    }

    @Test
    void aCallThatGaveUpWaitingTakesNobodysTurn() {
        Lease first = now(pool.exclusive(SAMPLING));
        now(pool.exclusive(SAMPLING));
        pool.exclusive(SAMPLING).toCompletableFuture().cancel(true);
        first.release(true);
        assertSame(first.bridge(), now(pool.exclusive(SAMPLING)).bridge());
    }

    @Test
    void anIdleConnectionOfAnotherKindMakesRoom() {
        Lease sampling = now(pool.exclusive(SAMPLING));
        now(pool.exclusive(ROOTS));
        sampling.release(true);
        Lease other = now(pool.exclusive(ROOTS));
        assertNotSame(sampling.bridge(), other.bridge());
        assertTrue(sampling.bridge().whenClosed().toCompletableFuture().isDone());
        assertEquals(2, pool.size());
    }

    @Test
    void aConnectionWhoseCallWasNotAnsweredIsNotUsedAgain() {
        Lease first = now(pool.exclusive(SAMPLING));
        first.release(false);
        first.release(true);
        assertTrue(first.bridge().whenClosed().toCompletableFuture().isDone());
        assertNotSame(first.bridge(), now(pool.exclusive(SAMPLING)).bridge());
    }

    @Test
    void aSessionHasOneConnectionUntilItEnds() {
        Lease first = now(pool.session("s", SAMPLING));
        Lease second = now(pool.session("s", SAMPLING));
        assertSame(first.bridge(), second.bridge());
        first.release(false);
        second.release(true);
        time.advance(Duration.ofHours(1));
        assertSame(first.bridge(), now(pool.session("s", SAMPLING)).bridge());
        assertNotSame(first.bridge(), now(pool.session("t", SAMPLING)).bridge());
        pool.endSession("s");
        assertTrue(first.bridge().whenClosed().toCompletableFuture().isDone());
        assertEquals(1, pool.size());
        now(pool.session("s", SAMPLING));
        assertEquals(List.of("s", "t", "s"), opened, "each new connection is told");
    }

    @Test
    void whatWaitsForASessionThatEndsWaitsNoLonger() {
        now(pool.exclusive(SAMPLING));
        now(pool.exclusive(SAMPLING));
        CompletionStage<Lease> waiting = pool.session("s", SAMPLING);
        assertTrue(pool.isWaiting(waiting));
        assertFalse(pool.hasSession("s"));
        pool.endSession("s");
        Await.failure(ServerNotReadyException.class, waiting);
        assertFalse(pool.isWaiting(waiting));
    }

    @Test
    void callsOfOneSessionThatArriveWhileItsConnectionOpensShareIt() {
        connector.connectTakes(Duration.ofSeconds(1));
        CompletionStage<Lease> first = pool.session("s", SAMPLING);
        CompletionStage<Lease> second = pool.session("s", SAMPLING);
        time.advance(Duration.ofSeconds(1));
        assertSame(now(first).bridge(), now(second).bridge());
        assertEquals(1, connector.attempts().size());
    }

    @Test
    void anIdleConnectionIsClosedAfterAMinute() {
        Lease lease = now(pool.exclusive(SAMPLING));
        time.advance(Duration.ofMinutes(5));
        assertEquals(1, pool.size());
        lease.release(true);
        time.advance(Duration.ofSeconds(59));
        assertEquals(1, pool.size());
        time.advance(Duration.ofSeconds(1));
        assertEquals(0, pool.size());
        assertTrue(lease.bridge().whenClosed().toCompletableFuture().isDone());
    }

    @Test
    void whereAServerIsStoppedSoonerItsIdleConnectionsAreClosedSooner() {
        BridgePool impatient = new BridgePool(
                ServerSpec.builder("a", "fake").idleStop(Duration.ofSeconds(5)).build(),
                connector,
                time,
                BridgeListener.NONE,
                (session, bridge) -> {});
        now(impatient.exclusive(SAMPLING)).release(true);
        time.advance(Duration.ofMillis(4_999));
        assertEquals(1, impatient.size());
        time.advance(Duration.ofMillis(1));
        assertEquals(0, impatient.size());
    }

    @Test
    void aConnectionThatCannotBeOpenedFailsItsCallAndGivesItsPlaceToTheNext() {
        connector.thenFails();
        Await.failure(ConnectException.class, pool.exclusive(SAMPLING));
        assertEquals(0, pool.size());
        now(pool.exclusive(SAMPLING));
    }

    @Test
    void aConnectionThatEndsByItselfIsForgotten() {
        now(pool.exclusive(SAMPLING));
        connector.bridge().exit(1);
        assertEquals(0, pool.size());
        now(pool.exclusive(SAMPLING));
    }

    @Test
    void closingEndsAllConnectionsAlsoThoseBeingOpenedAndRefusesWhoWaits() {
        now(pool.exclusive(SAMPLING));
        connector.connectTakes(Duration.ofSeconds(1));
        CompletionStage<Lease> opening = pool.exclusive(SAMPLING);
        CompletionStage<Lease> waits = pool.exclusive(SAMPLING);
        CompletionStage<Void> closed = pool.closeAll();
        time.advance(Duration.ofSeconds(1));
        assertTrue(closed.toCompletableFuture().isDone());
        Await.failure(ServerNotReadyException.class, waits);
        Await.failure(ServerNotReadyException.class, opening);
        assertTrue(connector.bridges().stream().allMatch(io.agenthub.tck.FakeBridge::isClosed));
        assertEquals(0, pool.size());
    }

    @Test
    void aConnectionThatIsBeingOpenedIsGivenUpWhenAllAreClosed() {
        connector.thenHangs();
        CompletionStage<Lease> opening = pool.exclusive(SAMPLING);
        CompletionStage<Void> closed = pool.closeAll();
        time.runDue();

        assertTrue(connector.lastAttempt().isCancelled(), "it is told, and does not wait for its time to be over");
        assertTrue(closed.toCompletableFuture().isDone());
        Await.failure(ServerNotReadyException.class, opening);
        assertEquals(0, pool.size());
        connector.alwaysSucceeds();
        now(pool.exclusive(SAMPLING));
    }

    @Test
    void aConnectionThatIsBeingOpenedForASessionIsGivenUpWhenThatEnds() {
        connector.thenHangs();
        CompletionStage<Lease> opening = pool.session("s", SAMPLING);
        pool.endSession("s");
        time.runDue();

        assertTrue(connector.lastAttempt().isCancelled());
        Await.failure(ServerNotReadyException.class, opening);
        assertEquals(0, pool.size());
        assertEquals(List.of(), opened);
    }
}
