package io.agenthub.gateway;

import io.agenthub.api.Promise;
import io.agenthub.api.Settings;
import io.agenthub.api.activity.ActivityStore;
import io.agenthub.api.breaker.BreakerPolicy;
import io.agenthub.api.bridge.Bridge;
import io.agenthub.api.bridge.CallTimeoutException;
import io.agenthub.api.bridge.ConnectRequest;
import io.agenthub.api.bridge.Connector;
import io.agenthub.api.enhance.EnhancedPrompt;
import io.agenthub.api.enhance.Enhancer;
import io.agenthub.api.enhance.Prompt;
import io.agenthub.api.hub.CallOptions;
import io.agenthub.api.hub.Hub;
import io.agenthub.api.hub.HubConfig;
import io.agenthub.api.hub.HubListener;
import io.agenthub.api.hub.HubState;
import io.agenthub.api.hub.PartChoice;
import io.agenthub.api.monitor.MonitorPolicy;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.rpc.RpcRequest;
import io.agenthub.api.server.ManagedServer;
import io.agenthub.api.server.RestartPolicy;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.api.server.Supervisor;
import io.agenthub.api.server.SupervisorListener;
import io.agenthub.api.server.ToolPrompt;
import io.agenthub.api.spi.ActivityStoreProvider;
import io.agenthub.api.spi.BridgeProvider;
import io.agenthub.api.spi.EnhancerProvider;
import io.agenthub.api.spi.ProviderContext;
import io.agenthub.api.spi.SupervisorProvider;
import io.agenthub.core.AgentHub;
import io.agenthub.core.HubResources;
import io.agenthub.core.internal.supervise.BackoffSupervisorProvider;
import io.agenthub.gateway.internal.http.RawClient;
import io.agenthub.tck.Await;
import io.agenthub.tck.FakeBridge;
import io.agenthub.tck.FakeCall;
import io.agenthub.tck.FakeConnector;
import io.agenthub.tck.MemoryActivityStore;
import io.agenthub.tck.TckContext;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** A real hub and gateway of which one part has a fault. The server {@code good} has none in its own parts. */
final class SpoiltHub {
    static final String CALL = "{\"name\":\"tool\",\"arguments\":{\"text\":\"please\"}}";

    final Hub hub;
    final Gateway gateway;
    private final Faulty faulty;
    private final InetSocketAddress address;
    private final TckContext context = TckContext.real(Runnable::run);
    private final Map<String, FakeConnector> connectors = new ConcurrentHashMap<>();

    SpoiltHub(Faulty faulty, HubResources resources) {
        this.faulty = faulty;
        hub = AgentHub.builder()
                .resources(resources)
                .config(HubConfig.builder()
                        .drainTimeout(Duration.ofSeconds(1))
                        .monitor(MonitorPolicy.DEFAULT)
                        .enhancer(PartChoice.of("faulty"))
                        .activity(PartChoice.of("faulty"))
                        .build())
                .bridge(new Bridges())
                .supervisor(new Supervisors())
                .enhancer(new Enhancers())
                .activityStore(new Stores())
                .listener(spoil(HubListener.class, new HubListener() {}))
                .server(spec("bad"))
                .server(spec("good"))
                .build();
        gateway = Gateway.builder(hub, resources)
                .config(GatewayConfig.builder().port(0).build())
                .build();
        address = Await.value(gateway.start());
    }

    <T> T spoil(Class<T> kind, T part) {
        return faulty.spoil(kind, part);
    }

    RawClient client() {
        return new RawClient(address);
    }

    private static ServerSpec spec(String name) {
        return ServerSpec.builder(name, "faulty")
                .enhance(ToolPrompt.asked("tool", "/text"))
                .breaker(new BreakerPolicy(3, Duration.ofSeconds(30)))
                .restart(new RestartPolicy(
                        Duration.ofMillis(10),
                        Duration.ofMillis(10),
                        1,
                        0,
                        1_000,
                        Duration.ofSeconds(60),
                        Duration.ZERO))
                .build();
    }

    HubConfig changedConfig() {
        return HubConfig.builder()
                .server(ServerSpec.builder("bad", "faulty").build())
                .server(spec("good"))
                .build();
    }

    private FakeConnector connector(String server) {
        return connectors.computeIfAbsent(
                server, name -> new FakeConnector(name, context).preparing(bridge -> script(name, bridge)));
    }

    private static void script(String server, FakeBridge bridge) {
        bridge.on("tools/list", call -> call.answer(JsonText.of("{\"tools\":[]}")));
        bridge.on("fail", call -> call.fail(new CallTimeoutException(server, "fail", Duration.ofSeconds(1), true)));
        bridge.otherwise(call -> {
            call.progress(1);
            bridge.notifyOutsideCalls(new RpcNotification("notifications/any", null));
            answer(server, call);
        });
    }

    private static void answer(String server, FakeCall call) {
        call.ask(new RpcRequest(JsonText.of("7"), "roots/list", null))
                .whenComplete((outcome, failure) -> call.answer(JsonText.quote(server)));
    }

    /** Opens the breaker of the faulty server. */
    void threeFailuresOfTheServer() {
        for (int i = 0; i < 3; i++) {
            Await.outcome(Await.PATIENCE, hub.server("bad").request("fail", null, CallOptions.DEFAULT));
        }
        if (serves()) {
            hub.server("bad").breaker().reset();
        }
    }

    /** The faulty server's connections end by themselves. */
    void serverEnds() {
        connector("bad").bridges().forEach(bridge -> bridge.exit(1));
    }

    /** Whether the hub got as far as serving at all. */
    boolean serves() {
        return hub.state() == HubState.STARTED;
    }

    private final class Bridges implements BridgeProvider {
        @Override
        public String name() {
            return "faulty";
        }

        @Override
        public Connector create(ServerSpec spec, ProviderContext ignored) {
            FakeConnector fake = connector(spec.name());
            if (spec.name().equals("good")) {
                return fake;
            }
            return spoil(Connector.class, new Connector() {
                @Override
                public CompletionStage<Bridge> connect(ConnectRequest request) {
                    return fake.connect(request).thenApply(bridge -> spoil(Bridge.class, bridge));
                }
            });
        }
    }

    private final class Supervisors implements SupervisorProvider {
        @Override
        public String name() {
            return "faulty";
        }

        @Override
        public Supervisor create(Settings settings, ProviderContext lent, SupervisorListener listener) {
            Supervisor real = new BackoffSupervisorProvider().create(settings, lent, listener);
            Supervisor mixed = new Supervisor() {
                @Override
                public ManagedServer add(ServerSpec spec, Connector connector) {
                    ManagedServer server = real.add(spec, connector);
                    return spec.name().equals("good") ? server : spoil(ManagedServer.class, server);
                }

                @Override
                public CompletionStage<Void> remove(String name) {
                    return real.remove(name);
                }

                @Override
                public Optional<ManagedServer> server(String name) {
                    return real.server(name);
                }

                @Override
                public Collection<ManagedServer> servers() {
                    return real.servers();
                }

                @Override
                public CompletionStage<Void> closeAsync() {
                    return real.closeAsync();
                }
            };
            return spoil(Supervisor.class, mixed);
        }
    }

    private final class Enhancers implements EnhancerProvider {
        @Override
        public String name() {
            return "faulty";
        }

        @Override
        public Enhancer create(Settings settings, ProviderContext lent) {
            return spoil(Enhancer.class, new Echoing());
        }
    }

    private final class Stores implements ActivityStoreProvider {
        @Override
        public String name() {
            return "faulty";
        }

        @Override
        public ActivityStore create(Settings settings, ProviderContext lent) {
            return spoil(ActivityStore.class, new MemoryActivityStore());
        }
    }

    /** Improves nothing, and says so. */
    private static final class Echoing implements Enhancer {
        @Override
        public CompletionStage<EnhancedPrompt> enhance(Prompt prompt) {
            return Promise.succeeded(EnhancedPrompt.passedThrough(prompt, "an echo"));
        }

        @Override
        public CompletionStage<Void> closeAsync() {
            return Promise.done();
        }
    }
}
