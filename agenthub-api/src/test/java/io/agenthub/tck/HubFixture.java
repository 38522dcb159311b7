package io.agenthub.tck;

import io.agenthub.api.activity.Activity;
import io.agenthub.api.bridge.Connector;
import io.agenthub.api.hub.CallOptions;
import io.agenthub.api.hub.Hub;
import io.agenthub.api.hub.HubConfig;
import io.agenthub.api.hub.HubListener;
import io.agenthub.api.hub.McpServer;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.api.server.ServerState;
import io.agenthub.api.server.ServerStatus;
import io.agenthub.api.spi.BridgeProvider;
import io.agenthub.api.spi.ProviderContext;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What the tests of hubs have in common: a hub of two servers, {@code a} and {@code b}, over fake bridges. */
public abstract class HubFixture {
    static final CallOptions DEFAULT = CallOptions.DEFAULT;

    private final TckContext fakes = TckContext.real(Runnable::run);
    final FakeConnector connector = new FakeConnector("a", fakes);
    final FakeConnector other = new FakeConnector("b", fakes);
    final List<Activity> recorded = new CopyOnWriteArrayList<>();
    final List<ServerState> states = new CopyOnWriteArrayList<>();
    Hub hub;

    /** For subclasses. */
    protected HubFixture() {}

    /**
     * Builds a hub.
     *
     * @param config its configuration; its servers use the bridge {@code fake}
     * @param bridges provides that bridge
     * @param listener hears what happens; it throws now and then
     * @return the hub, not started
     */
    protected abstract Hub hub(HubConfig config, BridgeProvider bridges, HubListener listener);

    @BeforeEach
    void buildHub() {
        hub = hub(config().build(), new Fakes(), new Recorder());
    }

    @AfterEach
    void closeHub() {
        Await.value(hub.closeAsync());
        fakes.close();
    }

    static HubConfig.Builder config() {
        return HubConfig.builder()
                .drainTimeout(Duration.ofMillis(200))
                .server(spec("a").build())
                .server(spec("b").build());
    }

    static ServerSpec.Builder spec(String name) {
        return ServerSpec.builder(name, "fake").healthInterval(Duration.ZERO);
    }

    McpServer started() {
        Await.value(hub.start());
        return hub.server("a");
    }

    /** A server none of whose calls is answered unless the test does it. */
    McpServer silent() {
        connector.preparing(bridge -> bridge.otherwise(FakeScript.NEVER));
        McpServer server = started();
        // Running already, so that no short deadline passes before the call is on its way.
        Await.value(server.start());
        return server;
    }

    static CompletionStage<RpcOutcome> call(McpServer server) {
        return server.request("tools/call", JsonText.EMPTY_OBJECT, DEFAULT);
    }

    /** The call that the fake server got as number n, counted from 0. */
    FakeCall arrived(int n) {
        Await.until(
                "call " + n + " arrives",
                () -> !connector.bridges().isEmpty()
                        && connector.bridge().calls().size() > n);
        return connector.bridge().calls().get(n);
    }

    final class Fakes implements BridgeProvider {
        @Override
        public String name() {
            return "fake";
        }

        @Override
        public Connector create(ServerSpec spec, ProviderContext ignored) {
            return spec.name().equals("a") ? connector : other;
        }
    }

    final class Recorder implements HubListener {
        @Override
        public void serverChanged(ServerStatus before, ServerStatus after) {
            if (after.name().equals("a")) {
                states.add(after.state());
            }
            throw new IllegalStateException("a listener that throws changes nothing");
        }

        @Override
        public void recorded(Activity activity) {
            if (activity.kind() == Activity.Kind.CALL) {
                recorded.add(activity);
            }
        }
    }
}
