package io.agenthub.core.internal.hub;

import io.agenthub.api.AgentHubException;
import io.agenthub.api.Promise;
import io.agenthub.api.breaker.BreakerPolicy;
import io.agenthub.api.breaker.BreakerState;
import io.agenthub.api.bridge.BridgeExit;
import io.agenthub.api.hub.CallOptions;
import io.agenthub.api.hub.Hub;
import io.agenthub.api.hub.HubConfig;
import io.agenthub.api.hub.HubListener;
import io.agenthub.api.hub.HubState;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.rpc.RpcResult;
import io.agenthub.api.server.RestartPolicy;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.api.server.ServerState;
import io.agenthub.api.server.ServerStatus;
import io.agenthub.api.server.StartMode;
import io.agenthub.tck.FakeBridge;
import io.agenthub.tck.FakeCall;
import io.agenthub.tck.FakeConnector;
import io.agenthub.tck.FakeScript;
import io.agenthub.tck.ManualScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;

/**
 * One life of a hub on virtual time: the real pipeline, supervisor, breakers and deadlines over fake bridges, driven by a seed.
 * The same seed gives the same {@link #trace()}, bit for bit.
 *
 * <p>What must hold in every life:
 *
 * <ol>
 *   <li>every call that was accepted ends, exactly once;
 *   <li>no later than its deadline;
 *   <li>with the answer to its own question, never another's;
 *   <li>a failure that says {@code dispatched=false} was not seen by any bridge;
 *   <li>a server has at most one live connection;
 *   <li>states change only along the arrows of the state machine;
 *   <li>a server stopped by hand is not started again by anything but a hand;
 *   <li>a server is not started more often than its restart budget allows;
 *   <li>a breaker never stays half-open without a probe under way: once the server answers again, calls pass again;
 *   <li>when all calls have ended, no place in flight is taken;
 *   <li>after closing nothing is left: no connection, no timer, and every stage is complete.
 * </ol>
 */
final class Simulation {
    private static final Duration LIFE = Duration.ofMinutes(10);
    private static final Duration LATE = Duration.ofMillis(50);
    private static final RestartPolicy RESTART = RestartPolicy.DEFAULT;
    private static final Map<ServerState, Set<ServerState>> ARROWS = new EnumMap<>(Map.of(
            ServerState.STOPPED, EnumSet.of(ServerState.STARTING),
            ServerState.STARTING,
                    EnumSet.of(ServerState.RUNNING, ServerState.BACKING_OFF, ServerState.FAILED, ServerState.STOPPING),
            ServerState.RUNNING, EnumSet.of(ServerState.BACKING_OFF, ServerState.FAILED, ServerState.STOPPING),
            ServerState.BACKING_OFF, EnumSet.of(ServerState.STARTING, ServerState.STOPPED),
            ServerState.STOPPING, EnumSet.of(ServerState.STOPPED, ServerState.BACKING_OFF, ServerState.FAILED),
            ServerState.FAILED, EnumSet.of(ServerState.STARTING, ServerState.STOPPED)));

    private final long seed;
    private final SplittableRandom random;
    private final HubHarness harness;
    private final List<String> servers = new ArrayList<>();
    private final List<Call> calls = new ArrayList<>();
    private final Map<String, Boolean> heldDown = new HashMap<>();
    private final Map<String, List<Long>> hands = new HashMap<>();
    private int budgetsJudged;
    private final Map<Long, Boolean> seenByBridge = new HashMap<>();
    private final StringBuilder trace = new StringBuilder();
    private final List<CompletionStage<?>> orders = new ArrayList<>();
    private boolean kind;
    private long nonces;
    private Hub hub;

    Simulation(long seed) {
        this.seed = seed;
        this.random = new SplittableRandom(seed);
        this.harness = new HubHarness(new ManualScheduler(seed));
    }

    /** One accepted call and what is known of it. */
    private final class Call {
        final long nonce;
        final long deadline;
        final CompletionStage<RpcOutcome> stage;
        int ends;

        Call(long nonce, Duration timeout, CompletionStage<RpcOutcome> stage) {
            this.nonce = nonce;
            this.deadline = harness.time.nanoTime() + timeout.toNanos();
            this.stage = stage;
            stage.whenComplete(this::ended);
        }

        private void ended(RpcOutcome outcome, Throwable failure) {
            ends++;
            check(ends == 1, "call " + nonce + " ended twice");
            check(harness.time.nanoTime() <= deadline, "call " + nonce + " ended after its deadline");
            if (outcome instanceof RpcResult result) {
                check(result.value().toString().equals(Long.toString(nonce)), "call " + nonce + " got " + outcome);
                note("ok " + nonce);
            } else if (failure instanceof AgentHubException known) {
                check(
                        known.dispatched() || !seenByBridge.containsKey(nonce),
                        "call " + nonce + " reached a bridge but claims it did not: " + known);
                note(known.kind() + " " + nonce);
            } else {
                check(failure instanceof CancellationException, "call " + nonce + " failed with " + failure);
                note("cancelled " + nonce);
            }
        }
    }

    /** Runs the whole life. Throws an AssertionError that names the seed if something does not hold. */
    void run() {
        populate();
        hub = harness.started();
        long end = harness.time.nanoTime() + LIFE.toNanos();
        while (harness.time.nanoTime() < end) {
            act();
            harness.time.advance(pause());
            checkConnections();
        }
        recover();
        close();
    }

    String trace() {
        return trace.toString();
    }

    int calls() {
        return calls.size();
    }

    /** Spans of attempts without a hand that were long enough to be judged. */
    int budgetsJudged() {
        return budgetsJudged;
    }

    private void populate() {
        int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            String name = "s" + i;
            servers.add(name);
            heldDown.put(name, false);
            hands.put(name, new ArrayList<>());
            harness.with(spec(name));
            harness.connector(name).preparing(bridge -> prepare(name, bridge));
        }
        harness.listeners.add(new HubListener() {
            @Override
            public void serverChanged(ServerStatus before, ServerStatus after) {
                transition(before, after);
            }
        });
    }

    private ServerSpec spec(String name) {
        return HubHarness.server(name)
                .start(random.nextBoolean() ? StartMode.EAGER : StartMode.ON_DEMAND)
                .startTimeout(Duration.ofSeconds(20))
                .callTimeout(Duration.ofMillis(1 + random.nextInt(40_000)))
                .healthInterval(random.nextBoolean() ? Duration.ofSeconds(10) : Duration.ZERO)
                .idleStop(random.nextInt(4) == 0 ? Duration.ofSeconds(20) : Duration.ZERO)
                .breaker(new BreakerPolicy(3, Duration.ofSeconds(30)))
                .restart(RESTART)
                .build();
    }

    private void prepare(String name, FakeBridge bridge) {
        bridge.on("ping", call -> {
            if (kind || random.nextInt(20) > 0) {
                call.answer(JsonText.EMPTY_OBJECT);
            }
        });
        bridge.otherwise(call -> serve(name, bridge, call));
        bridge.closeTakes(Duration.ofMillis(random.nextInt(6_000)));
    }

    private void serve(String name, FakeBridge bridge, FakeCall call) {
        JsonText params = java.util.Objects.requireNonNull(call.params());
        long nonce = Long.parseLong(params.member("nonce").orElseThrow().toString());
        seenByBridge.put(nonce, true);
        int what = kind ? 0 : random.nextInt(100);
        if (what < 70) {
            Duration work = Duration.ofMillis(kind ? 0 : random.nextInt(2_000));
            harness.time.schedule(work, () -> call.answer(JsonText.of(Long.toString(nonce))));
        } else if (what < 85) {
            note(name + " never answers " + nonce);
        } else if (what < 95) {
            harness.time.schedule(Duration.ofMillis(random.nextInt(500)), () -> bridge.exit(random.nextInt(256)));
        } else {
            FakeScript.fail(new IllegalStateException("a broken bridge")).play(call);
        }
    }

    private void act() {
        String name = servers.get(random.nextInt(servers.size()));
        int what = random.nextInt(100);
        if (what < 60) {
            call(name, Duration.ofMillis(1 + random.nextInt(40_000)));
        } else if (what < 70 && !calls.isEmpty()) {
            calls.get(random.nextInt(calls.size())).stage.toCompletableFuture().cancel(true);
        } else if (what < 78) {
            live(name)
                    .forEach(bridge -> bridge.exit(BridgeExit.ofProcess(
                            BridgeExit.Cause.EXITED, random.nextBoolean() ? 137 : random.nextInt(3), "")));
        } else if (what < 82) {
            byHand(name, "stop", () -> hub.server(name).stop());
            heldDown.put(name, true);
        } else if (what < 87) {
            heldDown.put(name, false);
            byHand(name, "start", () -> hub.server(name).start());
        } else if (what < 90) {
            heldDown.put(name, false);
            byHand(name, "restart", () -> hub.server(name).restart());
        } else if (what < 95) {
            FakeConnector connector = harness.connector(name);
            switch (random.nextInt(4)) {
                case 0 -> connector.thenFails();
                case 1 -> connector.thenHangs();
                case 2 -> connector.connectTakes(Duration.ofMillis(random.nextInt(10_000)));
                default -> connector.connectTakes(Duration.ZERO);
            }
        } else if (what < 98) {
            reconfigure();
        } else {
            hub.server(name).breaker().reset();
        }
    }

    /** A call with a time of its own, or with the server's, which may be over a little late: one timer watches all of these. */
    private void call(String name, Duration timeout) {
        boolean own = random.nextBoolean();
        CallOptions options = own ? CallOptions.DEFAULT.withTimeout(timeout) : CallOptions.DEFAULT;
        Duration latest = own ? timeout : specNow(name).callTimeout().plus(LATE);
        long nonce = nonces++;
        JsonText params = JsonText.of("{\"nonce\":" + nonce + "}");
        CompletionStage<RpcOutcome> stage = hub.server(name).request("work", params, options);
        calls.add(new Call(nonce, latest, stage));
    }

    private void byHand(String name, String what, java.util.function.Supplier<CompletionStage<?>> order) {
        note(what + " " + name);
        hands.get(name).add(harness.time.nanoTime());
        orders.add(order.get());
    }

    private void reconfigure() {
        HubConfig.Builder config = HubConfig.builder();
        for (String name : servers) {
            config.server(random.nextInt(4) == 0 ? spec(name) : specNow(name));
        }
        note("reconfigure");
        servers.forEach(name -> {
            heldDown.put(name, false);
            hands.get(name).add(harness.time.nanoTime());
        });
        orders.add(hub.apply(config.build()));
    }

    private ServerSpec specNow(String name) {
        return ((SupervisedHub) hub).entry(name).spec();
    }

    private Duration pause() {
        return Duration.ofMillis(random.nextInt(4) == 0 ? random.nextInt(20_000) : random.nextInt(500));
    }

    private List<FakeBridge> live(String name) {
        return harness.connector(name).bridges().stream()
                .filter(bridge -> !bridge.isClosed())
                .toList();
    }

    private void checkConnections() {
        for (String name : servers) {
            long open =
                    live(name).stream().filter(bridge -> bridge.closes() == 0).count();
            check(open <= 1, name + " has " + open + " live connections");
        }
    }

    private void transition(ServerStatus before, ServerStatus after) {
        note(before.name() + " " + before.state() + ">" + after.state());
        check(ARROWS.get(before.state()).contains(after.state()), before + " became " + after);
    }

    /** From here on every server behaves; all must serve again. */
    private void recover() {
        kind = true;
        for (String name : servers) {
            harness.connector(name).connectTakes(Duration.ZERO).alwaysSucceeds();
        }
        harness.time.advance(Duration.ofMinutes(2));
        for (Call call : calls) {
            check(call.ends == 1, "call " + call.nonce + " ended " + call.ends + " times");
        }
        for (String name : servers) {
            if (heldDown.get(name)) {
                ServerState state = hub.server(name).status().state();
                check(state == ServerState.STOPPED, name + " was stopped by hand and is " + state);
            }
            startAgain(name);
            harness.time.advance(Duration.ofSeconds(31));
            call(name, Duration.ofSeconds(5));
            harness.time.advance(Duration.ofSeconds(6));
            Call probe = calls.get(calls.size() - 1);
            check(
                    probe.stage.toCompletableFuture().isDone()
                            && !probe.stage.toCompletableFuture().isCompletedExceptionally(),
                    name + " answers, but a call to it does not pass");
            check(
                    hub.server(name).breaker().status().state() == BreakerState.CLOSED,
                    name + "'s breaker is not closed after a success");
        }
        check(((SupervisedHub) hub).callsInFlight() == 0, "places in flight are taken by nobody");
        checkBudgets();
    }

    /** Scripted failures of past actions may still wait for their attempt; each start uses one up. */
    private void startAgain(String name) {
        for (int second = 0; second < 6_000; second++) {
            ServerStatus status = hub.server(name).status();
            if (status.state() == ServerState.RUNNING) {
                return;
            }
            if (second % 30 == 0) {
                hands.get(name).add(harness.time.nanoTime());
                orders.add(hub.server(name).start());
            }
            harness.time.advance(Duration.ofSeconds(1));
        }
        check(false, name + " does not start again: " + hub.server(name).status());
    }

    /** Where no hand is at work, so many attempts as the budget and its one excess allow take longer than the window. */
    private void checkBudgets() {
        int most = RESTART.maxExits() + 2;
        for (String name : servers) {
            List<FakeConnector.Attempt> attempts = harness.connector(name).attempts();
            for (int i = 0; i + most < attempts.size(); i++) {
                long first = attempts.get(i).startedNanos();
                long last = attempts.get(i + most).startedNanos();
                if (hands.get(name).stream().noneMatch(hand -> hand >= first && hand <= last)) {
                    budgetsJudged++;
                    check(last - first > RESTART.window().toNanos(), name + " was started too often");
                }
            }
        }
    }

    private void close() {
        Promise<Void> closed = (Promise<Void>) hub.closeAsync();
        harness.time.advance(Duration.ofMinutes(1));
        check(closed.isDone() && hub.state() == HubState.STOPPED, "the hub does not close");
        for (String name : servers) {
            check(live(name).isEmpty(), name + " has a connection left");
        }
        harness.time.advance(Duration.ofHours(1));
        check(harness.time.pending() == 0, harness.time.pending() + " timers are left");
        check(harness.time.failures().isEmpty(), "tasks failed: " + harness.time.failures());
        orders.forEach(order -> check(order.toCompletableFuture().isDone(), "an order never completes"));
    }

    private void note(String event) {
        trace.append(harness.time.nanoTime() / 1_000_000)
                .append(' ')
                .append(event)
                .append('\n');
    }

    private void check(boolean holds, String what) {
        if (!holds) {
            int tail = Math.max(0, trace.length() - 1_500);
            throw new AssertionError("seed " + seed + " at " + harness.time.nanoTime() / 1_000_000 + " ms: " + what
                    + "\n... " + trace.substring(tail));
        }
    }
}
