package io.agenthub.tck;

import static io.agenthub.api.server.ServerState.BACKING_OFF;
import static io.agenthub.api.server.ServerState.RUNNING;
import static io.agenthub.api.server.ServerState.STARTING;
import static io.agenthub.api.server.ServerState.STOPPED;
import static io.agenthub.api.server.ServerState.STOPPING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.server.ManagedServer;
import io.agenthub.api.server.ServerStatus;
import io.agenthub.api.server.StartMode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What a supervisor tells of its servers: their status, every change of it, and what they send outside calls. */
public abstract class ServerStatusTck extends SupervisorFixture {
    /** For subclasses. */
    protected ServerStatusTck() {}

    @Test
    void theStatusTellsWhatTheServerSaysOfItselfWhileItRuns() {
        ManagedServer server = running(spec());
        ServerStatus status = server.status();
        assertEquals("fake", status.name());
        assertEquals("fake", status.info().orElseThrow().name());
        assertEquals(0, status.stats().orElseThrow().inFlight());
        assertEquals(0, status.restarts());
        now(server.stop());
        assertEquals(Optional.empty(), server.status().info());
        assertEquals(Optional.empty(), server.status().stats());
    }

    @Test
    void theStatusTellsTheLastExitAndTheNextAttempt() {
        ManagedServer server = running(spec());
        exit();
        ServerStatus status = server.status();
        assertEquals(BACKING_OFF, status.state());
        assertEquals(time.now(), status.since());
        assertEquals(OptionalInt.of(1), status.lastExit().orElseThrow().code());
        assertEquals(EXACT.initialDelay(), status.retryIn().orElseThrow());
        time.advance(EXACT.initialDelay());
        assertEquals(1, server.status().restarts());
        assertEquals(OptionalInt.of(1), server.status().lastExit().orElseThrow().code());
        assertEquals(Optional.empty(), server.status().retryIn());
    }

    @Test
    void theStatusTellsWhyTheLastStartFailed() {
        connector.thenFails();
        ManagedServer server = add(spec().start(StartMode.EAGER).build());
        assertTrue(server.status().lastError().orElse("").contains("exited at once"));
        time.advance(EXACT.initialDelay());
        assertEquals(RUNNING, server.status().state());
        assertEquals(Optional.empty(), server.status().lastError());
    }

    @Test
    void everyChangeIsReportedInOrder() {
        ManagedServer server = running(spec());
        now(server.stop());
        now(server.start());
        assertEquals(List.of(STARTING, RUNNING, STOPPING, STOPPED, STARTING, RUNNING), listener.states());
    }

    @Test
    void notificationsOutsideCallsAreReportedWithTheServersName() {
        running(spec());
        for (int i = 0; i < 3; i++) {
            connector.bridge().notifyOutsideCalls(new RpcNotification("notifications/" + i, null));
        }
        time.runDue();
        assertEquals(
                List.of("fake notifications/0", "fake notifications/1", "fake notifications/2"),
                listener.notifications);
    }
}
