package io.agenthub.core.internal.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.ConfigurationException;
import io.agenthub.api.ErrorKind;
import io.agenthub.api.activity.Activity;
import io.agenthub.api.breaker.BreakerPolicy;
import io.agenthub.api.breaker.BreakerState;
import io.agenthub.api.breaker.CircuitOpenException;
import io.agenthub.api.bridge.BridgeStats;
import io.agenthub.api.bridge.CallTimeoutException;
import io.agenthub.api.hub.CallOptions;
import io.agenthub.api.hub.Hub;
import io.agenthub.api.hub.HubClosedException;
import io.agenthub.api.hub.HubConfig;
import io.agenthub.api.hub.HubListener;
import io.agenthub.api.hub.HubState;
import io.agenthub.api.monitor.MonitorSnapshot;
import io.agenthub.api.monitor.ServerStats;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.server.ServerState;
import io.agenthub.api.server.ServerStatus;
import io.agenthub.api.server.StartMode;
import io.agenthub.tck.FakeBridge;
import io.agenthub.tck.FakeScript;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class HubLifecycleTest {
    private final HubHarness harness = new HubHarness();

    @Test
    void aHubPassesThroughItsStatesInOrderAndOnce() {
        Hub hub = harness.with(HubHarness.server("a").build()).build();
        assertEquals(HubState.NEW, hub.state());
        CompletionStage<Void> started = hub.start();
        harness.now(started);
        assertEquals(HubState.STARTED, hub.state());
        assertSame(started, hub.start());
        CompletionStage<Void> closed = hub.closeAsync();
        assertSame(closed, hub.closeAsync());
        harness.now(closed);
        assertEquals(HubState.STOPPED, hub.state());
        assertEquals(1, harness.released);
    }

    @Test
    void callsBeforeTheStartAndAfterTheEndAreRefused() {
        Hub hub = harness.with(HubHarness.server("a").build()).build();
        HubClosedException early =
                harness.failsNow(HubClosedException.class, hub.server("a").request("ping", null, CallOptions.DEFAULT));
        assertEquals(ErrorKind.NOT_READY, early.kind());
        harness.now(hub.start());
        harness.now(hub.closeAsync());
        HubClosedException late =
                harness.failsNow(HubClosedException.class, hub.server("a").request("ping", null, CallOptions.DEFAULT));
        assertEquals(ErrorKind.SHUTTING_DOWN, late.kind());
        assertFalse(late.dispatched());
    }

    @Test
    void aHubThatIsClosedBeforeItsStartNeverStarts() {
        Hub hub = harness.with(HubHarness.server("a").start(StartMode.EAGER).build())
                .build();
        harness.now(hub.closeAsync());
        harness.failsNow(HubClosedException.class, hub.start());
        assertTrue(harness.connector("a").attempts().isEmpty());
    }

    @Test
    void eagerServersStartWithTheHubAndOthersWithTheirFirstCall() {
        Hub hub = harness.with(
                        HubHarness.server("eager").start(StartMode.EAGER).build(),
                        HubHarness.server("lazy").build())
                .started();
        assertEquals(ServerState.RUNNING, hub.server("eager").status().state());
        assertEquals(ServerState.STOPPED, hub.server("lazy").status().state());
        harness.now(hub.server("lazy").request("x", null, CallOptions.DEFAULT));
        assertEquals(ServerState.RUNNING, hub.server("lazy").status().state());
        assertEquals(2, hub.servers().size());
    }

    @Test
    void closingWaitsForCallsInFlightAndThenStopsTheServers() {
        harness.connector("a").preparing(bridge -> bridge.otherwise(call -> {}));
        Hub hub = harness.with(HubHarness.server("a").build()).started();
        CompletionStage<RpcOutcome> pending = hub.server("a").request("x", null, CallOptions.DEFAULT);
        harness.time.runDue();
        CompletionStage<Void> closed = hub.closeAsync();
        harness.time.advance(Duration.ofSeconds(5));
        assertEquals(HubState.STOPPING, hub.state());
        FakeBridge bridge = harness.bridge("a");
        assertFalse(bridge.isClosed());
        bridge.calls().get(0).answer(JsonText.EMPTY_OBJECT);
        assertEquals("{}", harness.now(pending).orThrow().toString());
        harness.now(closed);
        assertTrue(bridge.isClosed());
    }

    @Test
    void callsThatOutlastTheDrainAreEndedWithATypedError() {
        harness.connector("a").preparing(bridge -> bridge.otherwise(call -> {}));
        Hub hub = harness.with(HubHarness.server("a").build()).started();
        CompletionStage<RpcOutcome> pending = hub.server("a").request("x", null, CallOptions.DEFAULT);
        harness.time.runDue();
        CompletionStage<Void> closed = hub.closeAsync();
        harness.time.advance(Duration.ofSeconds(10));
        HubClosedException failure = harness.failsNow(HubClosedException.class, pending);
        assertEquals(ErrorKind.SHUTTING_DOWN, failure.kind());
        assertTrue(failure.dispatched());
        harness.now(closed);
    }

    @Test
    void aPartThatNeverClosesDoesNotHoldUpTheHub() {
        harness.connector("a").preparing(FakeBridge::neverCloses);
        Hub hub = harness.with(HubHarness.server("a").start(StartMode.EAGER).build())
                .started();
        CompletionStage<Void> closed = hub.closeAsync();
        harness.time.advance(Duration.ofMinutes(1));
        harness.now(closed);
        assertEquals(HubState.STOPPED, hub.state());
    }

    @Test
    void applyStopsWhatIsGoneStartsWhatIsNewAndLeavesTheRestAlone() {
        Hub hub = harness.with(
                        HubHarness.server("stays").start(StartMode.EAGER).build(),
                        HubHarness.server("goes").start(StartMode.EAGER).build(),
                        HubHarness.server("changes").start(StartMode.EAGER).build())
                .started();
        FakeBridge stays = harness.bridge("stays");
        FakeBridge goes = harness.bridge("goes");
        FakeBridge changes = harness.bridge("changes");
        HubConfig next = HubConfig.builder()
                .server(HubHarness.server("stays").start(StartMode.EAGER).build())
                .server(HubHarness.server("changes")
                        .start(StartMode.EAGER)
                        .setting("x", "y")
                        .build())
                .server(HubHarness.server("new").start(StartMode.EAGER).build())
                .build();
        harness.now(hub.apply(next));
        assertFalse(stays.isClosed());
        assertTrue(goes.isClosed());
        assertTrue(changes.isClosed());
        assertSame(stays, harness.bridge("stays"));
        assertEquals(ServerState.RUNNING, hub.server("changes").status().state());
        assertEquals(ServerState.RUNNING, hub.server("new").status().state());
        assertEquals(3, hub.servers().size());
    }

    @Test
    void whatWasCountedOfAServerOutlivesItsConfiguration() {
        BreakerPolicy atOnce = new BreakerPolicy(1, Duration.ofMinutes(10));
        Hub hub = harness.with(HubHarness.server("a")
                        .start(StartMode.EAGER)
                        .breaker(atOnce)
                        .build())
                .started();
        for (String changed : List.of("y", "z")) {
            harness.bridge("a").exit(1);
            harness.time.advance(Duration.ofSeconds(5));
            harness.bridge("a").otherwise(FakeScript.NEVER);
            CompletionStage<RpcOutcome> late =
                    hub.server("a").request("x", null, CallOptions.DEFAULT.withTimeout(Duration.ofSeconds(1)));
            harness.time.advance(Duration.ofSeconds(2));
            harness.failsNow(CallTimeoutException.class, late);
            harness.failsNow(CircuitOpenException.class, hub.server("a").request("x", null, CallOptions.DEFAULT));
            harness.now(hub.apply(HubConfig.builder()
                    .server(HubHarness.server("a")
                            .start(StartMode.EAGER)
                            .breaker(atOnce)
                            .setting("x", changed)
                            .build())
                    .build()));
        }
        ServerStats stats = hub.monitor().servers().get(0);

        assertEquals(2, stats.restarts());
        assertEquals(2, hub.server("a").status().restarts());
        assertEquals(2, stats.breaker().refused());
        assertEquals(2, hub.server("a").breaker().status().refused());
        assertEquals(BreakerState.CLOSED, stats.breaker().state());
    }

    @Test
    void anUnusableConfigurationChangesNothing() {
        Hub hub = harness.with(HubHarness.server("a").start(StartMode.EAGER).build())
                .started();
        HubConfig unusable = HubConfig.builder()
                .server(io.agenthub.api.server.ServerSpec.builder("b", "carrier-pigeon")
                        .build())
                .build();
        ConfigurationException failure = harness.failsNow(ConfigurationException.class, hub.apply(unusable));
        assertTrue(failure.getMessage().contains("fake"), failure.getMessage());
        assertEquals(ServerState.RUNNING, hub.server("a").status().state());
        assertFalse(harness.bridge("a").isClosed());
    }

    @Test
    void listenersHearOfServersNotificationsAndCallsInOrder() {
        List<String> heard = new ArrayList<>();
        harness.listeners.add(new HubListener() {
            @Override
            public void serverChanged(ServerStatus before, ServerStatus after) {
                heard.add(before.state() + ">" + after.state());
                throw new IllegalStateException("a listener that throws changes nothing");
            }

            @Override
            public void notified(String server, RpcNotification notification) {
                heard.add(server + " " + notification.method());
            }

            @Override
            public void recorded(Activity activity) {
                if (activity.kind() == Activity.Kind.CALL) {
                    heard.add(activity.method().orElseThrow() + " "
                            + activity.tool().orElse("") + " " + activity.outcome());
                }
            }
        });
        harness.connector("a").preparing(bridge -> bridge.otherwise(FakeScript.answer("{}")));
        Hub hub = harness.with(HubHarness.server("a").build()).started();
        harness.now(hub.server("a").callTool("echo", Map.of()));
        harness.bridge("a").notifyOutsideCalls(new RpcNotification("notifications/tools/list_changed", null));
        harness.time.runDue();
        assertEquals(
                List.of(
                        "STOPPED>STARTING",
                        "STARTING>RUNNING",
                        "tools/call echo OK",
                        "a notifications/tools/list_changed"),
                heard);
    }

    @Test
    void aCallCostsNothingToListenersThatDoNotHearOfCalls() {
        List<Runnable> handedOver = new ArrayList<>();
        harness.callbacks = task -> {
            handedOver.add(task);
            task.run();
        };
        List<ServerState> states = new ArrayList<>();
        harness.listeners.add(new HubListener() {
            @Override
            public void serverChanged(ServerStatus before, ServerStatus after) {
                states.add(after.state());
            }
        });
        harness.connector("a").preparing(bridge -> bridge.otherwise(FakeScript.answer("{}")));
        Hub hub = harness.with(HubHarness.server("a").build()).started();
        CallOptions onArrival = CallOptions.builder().executor(Runnable::run).build();
        harness.now(hub.server("a").request("first", null, onArrival));
        assertEquals(List.of(ServerState.STARTING, ServerState.RUNNING), states);

        handedOver.clear();
        harness.now(hub.server("a").request("x", null, onArrival));
        assertEquals(List.of(), handedOver);

        List<Activity> records = new ArrayList<>();
        Hub.Registration hearing = hub.listen(new HubListener() {
            @Override
            public void recorded(Activity activity) {
                records.add(activity);
            }
        });
        harness.now(hub.server("a").request("y", null, onArrival));
        assertEquals(1, records.size());

        hearing.end();
        handedOver.clear();
        harness.now(hub.server("a").request("z", null, onArrival));
        assertEquals(List.of(), handedOver);
        assertEquals(1, records.size());
    }

    @Test
    void aListenerIsToldTheLastCountersOfAConnectionThatEnded() {
        List<Optional<BridgeStats>> before = new ArrayList<>();
        harness.listeners.add(new HubListener() {
            @Override
            public void serverChanged(ServerStatus was, ServerStatus is) {
                if (was.state() == ServerState.RUNNING) {
                    before.add(was.stats());
                }
            }
        });
        harness.with(HubHarness.server("time").build());
        harness.connector("time").preparing(bridge -> bridge.otherwise(FakeScript.answer("{}")));
        Hub hub = harness.started();
        harness.now(hub.server("time").request("x", null, CallOptions.DEFAULT));
        harness.bridge("time").exit(1);
        harness.time.runDue();

        assertEquals(1, before.size());
        assertEquals(1, before.get(0).orElseThrow().requests());
        MonitorSnapshot after = hub.monitor();
        assertEquals(1, after.servers().get(0).requests(), "the monitor keeps them, too");
        assertEquals(0, after.servers().get(0).connections());
    }
}
