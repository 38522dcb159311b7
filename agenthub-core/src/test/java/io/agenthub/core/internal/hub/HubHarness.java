package io.agenthub.core.internal.hub;

import io.agenthub.api.Promise;
import io.agenthub.api.Settings;
import io.agenthub.api.activity.ActivityStore;
import io.agenthub.api.bridge.Connector;
import io.agenthub.api.enhance.Enhancer;
import io.agenthub.api.hub.Hub;
import io.agenthub.api.hub.HubConfig;
import io.agenthub.api.hub.HubListener;
import io.agenthub.api.monitor.MonitorPolicy;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.api.spi.BridgeProvider;
import io.agenthub.api.spi.ProviderContext;
import io.agenthub.core.internal.parts.NoActivityStoreProvider;
import io.agenthub.core.internal.parts.PassThroughEnhancerProvider;
import io.agenthub.core.internal.pinning.PinFile;
import io.agenthub.core.internal.spi.Providers;
import io.agenthub.core.internal.supervise.BackoffSupervisorProvider;
import io.agenthub.tck.Await;
import io.agenthub.tck.FakeBridge;
import io.agenthub.tck.FakeConnector;
import io.agenthub.tck.ManualScheduler;
import io.agenthub.tck.TckContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A whole hub on virtual time over fake bridges. Everything runs on the test's thread. */
final class HubHarness {
    final ManualScheduler time;
    final TckContext context;
    final Map<String, FakeConnector> connectors = new HashMap<>();
    final List<HubListener> listeners = new ArrayList<>();
    final HubConfig.Builder config = HubConfig.builder().monitor(MonitorPolicy.OFF);
    Executor callbacks = Runnable::run;
    Enhancer enhancer;
    ActivityStore store =
            new NoActivityStoreProvider().create(Settings.empty("activity"), TckContext.manual(new ManualScheduler()));

    @Nullable
    ConfigurationWatch watch;

    @Nullable
    PinFile pins;

    int released;
    private SupervisedHub hub;

    HubHarness() {
        this(new ManualScheduler());
    }

    HubHarness(ManualScheduler time) {
        this.time = time;
        this.context = TckContext.manual(time);
        this.enhancer = new PassThroughEnhancerProvider().create(Settings.empty("enhancer"), context);
    }

    static ServerSpec.Builder server(String name) {
        return ServerSpec.builder(name, "fake").healthInterval(Duration.ZERO);
    }

    HubHarness with(ServerSpec... specs) {
        for (ServerSpec spec : specs) {
            config.server(spec);
        }
        return this;
    }

    FakeConnector connector(String name) {
        return connectors.computeIfAbsent(name, n -> new FakeConnector(n, context));
    }

    FakeBridge bridge(String name) {
        return connector(name).bridge();
    }

    Hub build() {
        BridgeProvider fake = new BridgeProvider() {
            @Override
            public String name() {
                return "fake";
            }

            @Override
            public Connector create(ServerSpec spec, ProviderContext ignored) {
                return connector(spec.name());
            }
        };
        hub = new SupervisedHub(new HubParts(
                config.build(),
                Providers.load("bridge", ServiceLoader.load(BridgeProvider.class), List.of(fake)),
                new BackoffSupervisorProvider(),
                enhancer,
                List.of(enhancer),
                store,
                true,
                false,
                listeners,
                context,
                callbacks,
                watch,
                pins,
                () -> {
                    released++;
                    return Promise.done();
                }));
        return hub;
    }

    Hub started() {
        Hub built = build();
        Await.value(built.start());
        time.runDue();
        return built;
    }

    /** Runs what is due and takes the value of a stage that must be complete by then. */
    <T> T now(CompletionStage<T> stage) {
        time.runDue();
        return Await.value(stage);
    }

    <X extends Throwable> X failsNow(Class<X> type, CompletionStage<?> stage) {
        time.runDue();
        return Await.failure(type, stage);
    }
}
