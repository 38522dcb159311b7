package io.agenthub.tck;

import static io.agenthub.tck.StageContract.assertClosesOnce;
import static io.agenthub.tck.StageContract.assertFailsUnwrapped;
import static io.agenthub.tck.StageContract.assertThrowsNothing;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.AgentHubException;
import io.agenthub.api.ConfigurationException;
import io.agenthub.api.ErrorKind;
import io.agenthub.api.hub.CallListener;
import io.agenthub.api.hub.Hub;
import io.agenthub.api.hub.HubClosedException;
import io.agenthub.api.hub.HubConfig;
import io.agenthub.api.hub.HubState;
import io.agenthub.api.hub.McpServer;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.server.ServerNotReadyException;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.api.server.ServerState;
import io.agenthub.api.server.UnknownServerException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/**
 * The stage contract and the sentences of {@link Hub}, {@link McpServer} and {@link CallListener}, in real time over fake
 * bridges. Extend it and say how a hub is built.
 */
public abstract class HubTck extends HubCallTck {
    /** For subclasses. */
    protected HubTck() {}

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
}
