package io.agenthub.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.bridge.Connector;
import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.server.ManagedServer;
import io.agenthub.api.server.RestartPolicy;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.api.server.ServerState;
import io.agenthub.api.server.ServerStatus;
import io.agenthub.api.server.StartMode;
import io.agenthub.api.server.Supervisor;
import io.agenthub.api.server.SupervisorListener;
import io.agenthub.api.spi.ProviderContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What the tests of supervisors have in common: virtual time, a fake server, and a listener that checks every change. */
public abstract class SupervisorFixture {
    /** No jitter, so that delays are exact. */
    static final RestartPolicy EXACT = new RestartPolicy(
            Duration.ofMillis(250), Duration.ofSeconds(30), 2, 0, 5, Duration.ofSeconds(60), Duration.ofMinutes(5));

    /** Where a server may go from where it is; STOPPING leads to BACKING_OFF when the supervisor itself ended it. */
    private static final Map<ServerState, Set<ServerState>> LEGAL = Map.of(
            ServerState.STOPPED,
            Set.of(ServerState.STARTING),
            ServerState.STARTING,
            Set.of(
                    ServerState.RUNNING,
                    ServerState.BACKING_OFF,
                    ServerState.FAILED,
                    ServerState.STOPPING,
                    ServerState.STOPPED),
            ServerState.RUNNING,
            Set.of(ServerState.BACKING_OFF, ServerState.FAILED, ServerState.STOPPING, ServerState.STOPPED),
            ServerState.STOPPING,
            Set.of(ServerState.STOPPED, ServerState.BACKING_OFF, ServerState.FAILED),
            ServerState.BACKING_OFF,
            Set.of(ServerState.STARTING, ServerState.STOPPED, ServerState.FAILED),
            ServerState.FAILED,
            Set.of(ServerState.STARTING, ServerState.STOPPED));

    /** Virtual time. */
    protected final ManualScheduler time = new ManualScheduler();

    final TckContext context = TckContext.manual(time);
    final FakeConnector connector = new FakeConnector("fake", context);
    final Recorder listener = new Recorder();
    Supervisor supervisor;

    /** For subclasses. */
    protected SupervisorFixture() {}

    /**
     * Makes the supervisor under test.
     *
     * @param context virtual time, and stages that complete where the outcome arrives
     * @param listener what it tells of its servers
     * @return a supervisor without servers
     */
    protected abstract Supervisor supervisor(ProviderContext context, SupervisorListener listener);

    @BeforeEach
    void openSupervisor() {
        supervisor = supervisor(context, listener);
    }

    @AfterEach
    void closeSupervisor() {
        CompletionStage<Void> closed = supervisor.closeAsync();
        time.advance(Duration.ofMinutes(2));
        assertTrue(closed.toCompletableFuture().isDone(), "closeAsync() is not bounded");
        assertEquals(List.of(), time.failures(), "tasks of the control thread threw");
        assertEquals(List.of(), listener.wrong, "illegal or unconnected changes were reported");
    }

    ServerSpec.Builder spec() {
        return ServerSpec.builder("fake", "fake").restart(EXACT).healthInterval(Duration.ZERO);
    }

    ManagedServer add(ServerSpec spec) {
        return add(spec, connector);
    }

    ManagedServer add(ServerSpec spec, Connector with) {
        ManagedServer server = supervisor.add(spec, with);
        time.runDue();
        return server;
    }

    ManagedServer running(ServerSpec.Builder spec) {
        ManagedServer server = add(spec.start(StartMode.EAGER).build());
        assertEquals(ServerState.RUNNING, server.status().state());
        return server;
    }

    /** What a stage has come to by now. */
    <T> T now(CompletionStage<T> stage) {
        time.runDue();
        assertTrue(stage.toCompletableFuture().isDone(), "not complete yet");
        return Await.value(stage);
    }

    /** How a stage has failed by now. */
    <X extends Throwable> X failed(Class<X> type, CompletionStage<?> stage) {
        time.runDue();
        assertTrue(stage.toCompletableFuture().isDone(), "not complete yet");
        return Await.failure(type, stage);
    }

    boolean isPending(CompletionStage<?> stage) {
        time.runDue();
        return !stage.toCompletableFuture().isDone();
    }

    /** Lets the present connection end by itself. */
    void exit() {
        connector.bridge().exit(1);
        time.runDue();
    }

    /** Nothing happens before the delay is over, and one attempt when it is. */
    void assertRestartsAfter(Duration delay) {
        int before = connector.attempts().size();
        time.advance(delay.minusMillis(1));
        assertEquals(before, connector.attempts().size(), "restarted before " + delay);
        time.advance(Duration.ofMillis(1));
        assertEquals(before + 1, connector.attempts().size(), "not restarted after " + delay);
    }

    /** Writes down what a supervisor tells, and checks that each change continues the one before. */
    static final class Recorder implements SupervisorListener {
        final List<ServerStatus> changes = new ArrayList<>();
        final List<String> notifications = new ArrayList<>();
        final List<String> wrong = new ArrayList<>();
        private final Map<String, ServerState> states = new java.util.HashMap<>();

        @Override
        public void changed(ServerStatus before, ServerStatus after) {
            ServerState known = states.getOrDefault(after.name(), ServerState.STOPPED);
            boolean legal = LEGAL.get(before.state()).contains(after.state());
            if (before.state() != known || !legal) {
                wrong.add(known + ", then " + before.state() + " -> " + after.state());
            }
            states.put(after.name(), after.state());
            changes.add(after);
        }

        @Override
        public void notified(String server, RpcNotification notification) {
            notifications.add(server + " " + notification.method());
        }

        List<ServerState> states() {
            return changes.stream().map(ServerStatus::state).toList();
        }
    }
}
