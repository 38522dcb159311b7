package io.agenthub.core.internal.supervise;

import io.agenthub.api.Settings;
import io.agenthub.api.server.ManagedServer;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.api.server.Supervisor;
import io.agenthub.api.server.SupervisorListener;
import io.agenthub.tck.FakeBridge;
import io.agenthub.tck.FakeConnector;
import io.agenthub.tck.ManualScheduler;
import io.agenthub.tck.TckContext;
import java.time.Duration;

/** A supervisor on virtual time with one server, which has just been started. */
final class RunningServer implements AutoCloseable {
    final ManualScheduler time = new ManualScheduler();
    final TckContext context = TckContext.manual(time);
    final FakeConnector connector = new FakeConnector("one", context);
    final ManagedServer server;
    /** Its first connection. */
    final FakeBridge bridge;

    RunningServer(Duration healthInterval) {
        Supervisor supervisor =
                new BackoffSupervisorProvider().create(Settings.empty("supervisor"), context, SupervisorListener.NONE);
        server = supervisor.add(
                ServerSpec.builder("one", "fake").healthInterval(healthInterval).build(), connector);
        server.start();
        time.runDue();
        bridge = connector.bridge();
    }

    @Override
    public void close() {
        context.close();
    }
}
