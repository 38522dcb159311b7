package io.agenthub.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.breaker.CircuitOpenException;
import io.agenthub.api.bridge.BridgeClosedException;
import io.agenthub.api.bridge.BridgeExit;
import io.agenthub.api.bridge.CallTimeoutException;
import io.agenthub.api.bridge.ConnectException;
import io.agenthub.api.bridge.FrameTooLongException;
import io.agenthub.api.hub.HubClosedException;
import io.agenthub.api.hub.HubState;
import io.agenthub.api.rpc.MalformedMessageException;
import io.agenthub.api.server.ServerNotReadyException;
import io.agenthub.api.server.ServerState;
import io.agenthub.api.server.UnknownServerException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The failures of the hub and what they carry. */
class AgentHubExceptionTest {
    private static final BridgeExit EXIT = BridgeExit.ofProcess(BridgeExit.Cause.EXITED, 3, "tail");
    private static final Set<ErrorKind> TEMPORARY = EnumSet.of(
            ErrorKind.NOT_READY,
            ErrorKind.INIT_TIMEOUT,
            ErrorKind.DEADLINE,
            ErrorKind.BUSY,
            ErrorKind.BREAKER_OPEN,
            ErrorKind.CHILD_EXITED,
            ErrorKind.CHILD_STALLED,
            ErrorKind.CHILD_PROTOCOL,
            ErrorKind.SHUTTING_DOWN);

    static Stream<AgentHubException> family() {
        return Stream.of(
                new BusyException("s", "maxInFlight", 5),
                new BusyException(null, "maxInFlight", 5),
                new CircuitOpenException("s", Duration.ofSeconds(7)),
                new BridgeClosedException("s", EXIT, true),
                new BridgeClosedException(null, EXIT, false),
                new CallTimeoutException("s", "tools/call", Duration.ofMillis(250), true),
                new CallTimeoutException("s", "tools/call", Duration.ofMillis(250), false),
                new ConnectException(ErrorKind.SPAWN_FAILED, "s", "Server 's' has no program", null, null),
                new FrameTooLongException("s", 16, true),
                new FrameTooLongException(null, 16, false),
                new HubClosedException(HubState.STOPPING, true),
                new HubClosedException(HubState.NEW, false),
                new MalformedMessageException(MalformedMessageException.PARSE_ERROR, "Not JSON: x"),
                new ServerNotReadyException("s", ServerState.BACKING_OFF, "it exited", Duration.ofSeconds(1)),
                new UnknownServerException("s", List.of("a", "b")),
                new ConfigurationException("a.b", "is wrong"),
                new PartFaultException("enhancer", "s", false, null));
    }

    @ParameterizedTest
    @MethodSource("family")
    void eachIsCheapAndSaysWhatHappened(AgentHubException failure) {
        assertEquals(0, failure.getStackTrace().length, "a stack trace");
        assertFalse(failure.getMessage().isBlank());
        assertFalse(failure.getMessage().contains("'null'"), failure.getMessage());
        assertTrue(failure.server().isEmpty() || failure.getMessage().contains("s"), failure.getMessage());
    }

    @ParameterizedTest
    @MethodSource("family")
    void onlyWhatWasNotDispatchedAndIsTemporaryIsRetryable(AgentHubException failure) {
        assertEquals(!failure.dispatched() && TEMPORARY.contains(failure.kind()), failure.retryable());
    }

    @ParameterizedTest
    @EnumSource
    void theBreakerCountsFaultsOfTheServerAlone(ErrorKind kind) {
        Set<ErrorKind> faults = EnumSet.of(
                ErrorKind.INIT_TIMEOUT,
                ErrorKind.DEADLINE,
                ErrorKind.CHILD_EXITED,
                ErrorKind.CHILD_STALLED,
                ErrorKind.CHILD_PROTOCOL,
                ErrorKind.SPAWN_FAILED);
        assertEquals(faults.contains(kind), kind.isInfrastructureFault());
    }

    @Test
    void aRefusalAtABoundNamesIt() {
        BusyException busy = new BusyException("time", "maxQueuedBytes", 8);
        assertEquals(ErrorKind.BUSY, busy.kind());
        assertEquals("maxQueuedBytes", busy.bound());
        assertEquals(8, busy.limit());
        assertFalse(busy.dispatched());
        assertEquals(Optional.of(Duration.ofSeconds(1)), busy.retryAfter());
        assertEquals(
                "Server 'time' is busy: maxQueuedBytes of 8 is reached; try again later or raise maxQueuedBytes",
                busy.getMessage());
        assertTrue(new BusyException(null, "x", 1).getMessage().startsWith("The hub"));
    }

    @Test
    void anOpenCircuitTellsWhenToTryAgain() {
        CircuitOpenException open = new CircuitOpenException("s", Duration.ofSeconds(7));
        assertEquals(Optional.of(Duration.ofSeconds(7)), open.retryAfter());
        assertEquals(ErrorKind.BREAKER_OPEN, open.kind());
    }

    @Test
    void anEndedConnectionTellsHow() {
        BridgeClosedException closed = new BridgeClosedException("s", EXIT, true);
        assertEquals(ErrorKind.CHILD_EXITED, closed.kind());
        assertEquals(EXIT, closed.exit());
        assertEquals("Server 's' ended: exited with code 3; the call may have run", closed.getMessage());
    }

    @Test
    void eachCauseOfAnEndHasItsKind() {
        assertEquals(ErrorKind.SHUTTING_DOWN, BridgeExit.Cause.REQUESTED.kind());
        assertEquals(ErrorKind.CHILD_EXITED, BridgeExit.Cause.EXITED.kind());
        assertEquals(ErrorKind.CHILD_EXITED, BridgeExit.Cause.OUTPUT_CLOSED.kind());
        assertEquals(ErrorKind.CHILD_STALLED, BridgeExit.Cause.STALLED.kind());
        assertEquals(ErrorKind.CHILD_PROTOCOL, BridgeExit.Cause.PROTOCOL.kind());
    }

    @Test
    void anExitStatusAbove128IsASignal() {
        BridgeExit killed = BridgeExit.ofProcess(BridgeExit.Cause.EXITED, 137, null);
        assertEquals(OptionalInt.of(9), killed.signal());
        assertEquals(OptionalInt.empty(), killed.code());
        assertEquals("", killed.stderrTail());
        for (int status : new int[] {0, 1, 128, 193, 255}) {
            assertEquals(
                    OptionalInt.of(status),
                    BridgeExit.ofProcess(BridgeExit.Cause.EXITED, status, "").code());
        }
        assertEquals(
                OptionalInt.empty(),
                BridgeExit.of(BridgeExit.Cause.PROTOCOL, "x").code());
    }

    @Test
    void aLateCallAndALongFrameCarryTheirLimit() {
        assertEquals(
                Duration.ofMillis(250), new CallTimeoutException("s", "m", Duration.ofMillis(250), true).timeout());
        assertEquals(16, new FrameTooLongException("s", 16, true).maxFrameBytes());
        assertFalse(new FrameTooLongException("s", 16, false).retryable(), "it would be as long again");
    }

    @Test
    void aHubThatIsNotOpenYetIsNotShuttingDown() {
        assertEquals(ErrorKind.NOT_READY, new HubClosedException(HubState.STARTING, false).kind());
        assertEquals(ErrorKind.SHUTTING_DOWN, new HubClosedException(HubState.STOPPED, false).kind());
        assertEquals(HubState.STOPPED, new HubClosedException(HubState.STOPPED, false).state());
    }

    @Test
    void anUnknownServerIsNamedWithTheKnownOnes() {
        assertEquals("No server 'x'; known: a, b", new UnknownServerException("x", List.of("a", "b")).getMessage());
        assertEquals("No server 'x'; known: none", new UnknownServerException("x", List.of()).getMessage());
    }

    @Test
    void aConfigurationErrorNamesItsPlace() {
        ConfigurationException wrong = new ConfigurationException("mcpServers.time.command", "is required");
        assertEquals("mcpServers.time.command", wrong.path());
        assertEquals("mcpServers.time.command: is required", wrong.getMessage());
        assertEquals(ErrorKind.BAD_CONFIGURATION, wrong.kind());
    }
}
