package io.agenthub.core.internal.supervise;

import io.agenthub.api.ErrorKind;
import io.agenthub.api.Promise;
import io.agenthub.api.Scheduler;
import io.agenthub.api.bridge.Bridge;
import io.agenthub.api.bridge.BridgeExit;
import io.agenthub.api.bridge.BridgeListener;
import io.agenthub.api.bridge.ConnectException;
import io.agenthub.api.bridge.ConnectRequest;
import io.agenthub.api.bridge.Connector;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.server.ServerNotReadyException;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.api.server.ServerState;
import io.agenthub.api.server.SupervisorListener;
import io.agenthub.core.internal.spi.SafeStages;
import io.agenthub.core.internal.supervise.SupervisedServer.Waiter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides what becomes of one server. Confined to the control thread, but for {@link #snapshot} and {@link #ready}. */
final class Lifecycle {
    /*
     *            start(), use()                    connected
     *   STOPPED ────────────────▶ STARTING ───────────────────────▶ RUNNING
     *      ▲  ▲                     │    ▲                           │   │
     *      │  │ stop()        failed│    │ delay over, start()       │   │ stop(), idle,
     *      │  └──────────────┐      ▼    │                    ended  │   │ three missed pings
     *      │                 └── BACKING_OFF ◀───────────────────────┤   ▼
     *      │ stop()                 │                                │ STOPPING ──▶ STOPPED, BACKING_OFF
     *      └─────────── FAILED ◀────┘ budget used up ◀───────────────┘
     *                     └── start(), probe ──▶ STARTING
     *
     * Each attempt to connect has a number of its own. What arrives with an older number is late: a bridge is closed, a failure
     * dropped. That is all it takes to make stop(), restart() and exits safe against each other.
     */
    private static final long NEVER = LifecycleSnapshot.NEVER;
    private static final Logger log = LoggerFactory.getLogger(Lifecycle.class);
    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final Duration LONGEST_STOP = Duration.ofSeconds(15);

    private static final CompletionStage<Bridge> NO_BRIDGE = Promise.failed(new CancellationException());

    private final ServerSpec spec;
    private final Connector connector;
    private final Scheduler scheduler;
    private final SupervisorListener listener;
    private final StartGate gate;
    private final RestartBudget budget;
    private final WakeWatch wake;
    private final IdleWatch idle;
    private final List<Waiter<Bridge>> waiters = new ArrayList<>();
    private final List<Runnable> whenStopped = new ArrayList<>();

    private volatile LifecycleSnapshot snapshot;
    private volatile @Nullable CompletionStage<Bridge> ready;

    private int attempt;
    private long starts;
    private long runningSince;
    private long orders;
    private boolean stoppedByHand;
    private boolean quarantined;
    private boolean ended;
    private boolean probing;
    private Runnable abandon = Lifecycle::nothing;
    private CompletionStage<Bridge> opening = NO_BRIDGE;
    private Scheduler.Task retry = () -> {};
    private @Nullable HealthCheck health;

    Lifecycle(ServerSpec spec, Connector connector, Scheduler scheduler, SupervisorListener listener, StartGate gate) {
        this.spec = spec;
        this.connector = connector;
        this.scheduler = scheduler;
        this.listener = listener;
        this.gate = gate;
        this.budget = new RestartBudget(
                spec.restart(), scheduler.nanoTime() ^ spec.name().hashCode());
        this.wake = new WakeWatch(scheduler);
        this.idle = new IdleWatch(scheduler, spec.idleStop());
        this.snapshot = new LifecycleSnapshot(
                spec.name(), ServerState.STOPPED, scheduler.now(), 0, null, null, null, NEVER, List.of());
    }

    LifecycleSnapshot snapshot() {
        return snapshot;
    }

    /** The bridge in a completed stage while the server runs, else null; null as well when it must be probed first. */
    @Nullable
    CompletionStage<Bridge> ready() {
        return wake.slept() ? null : ready;
    }

    /** Notes that the bridge is being used, from any thread. */
    void touch() {
        idle.touch();
    }

    /** Somebody needs the bridge for a call. */
    void use(Waiter<Bridge> waiter) {
        switch (snapshot.state()) {
            case STARTING -> waiters.add(waiter);
            case RUNNING -> {
                probeAfterSleep();
                if (probing) {
                    waiters.add(waiter);
                } else {
                    succeed(waiter);
                }
            }
            case STOPPED -> {
                if (stoppedByHand || ended) {
                    waiter.fail(notReady(ended ? "it is being removed" : "it was stopped by hand; start it"));
                } else {
                    waiters.add(waiter);
                    connect();
                }
            }
            case STOPPING -> {
                if (stoppedByHand) {
                    waiter.fail(notReady("it is being stopped"));
                } else {
                    // It stops only because nobody used it.
                    whenStopped.add(() -> use(waiter));
                }
            }
            case BACKING_OFF, FAILED -> waiter.fail(notReady(snapshot.why(spec.restart())));
        }
    }

    /** What slept may have lost its other end without a word: it is asked once before it is used again. */
    private void probeAfterSleep() {
        HealthCheck asks = health;
        CompletionStage<Bridge> running = ready;
        if (asks != null && running != null && wake.slept()) {
            log.atInfo()
                    .addKeyValue("server", spec.name())
                    .log("The machine slept; the server is asked whether it lives");
            probing = true;
            // Before the gap is forgotten, so that nobody is given the bridge in between.
            ready = null;
            wake.awake();
            asks.probe(() -> {
                probing = false;
                ready = running;
                tell(this::succeed);
            });
        }
    }

    private ServerNotReadyException notReady(String why) {
        return snapshot.notReady(why, scheduler.nanoTime());
    }

    /** Starts by hand: forgives the past. */
    void start(Waiter<Bridge> waiter) {
        if (ended) {
            waiter.fail(notReady("it is being removed"));
            return;
        }
        stoppedByHand = false;
        orders++;
        switch (snapshot.state()) {
            case RUNNING -> succeed(waiter);
            case STARTING -> waiters.add(waiter);
            case STOPPING -> startOnceStopped(waiter);
            case STOPPED, BACKING_OFF, FAILED -> {
                budget.forgive();
                quarantined = false;
                waiters.add(waiter);
                connect();
            }
        }
    }

    /** Stops and starts again. */
    void restart(Waiter<Bridge> waiter) {
        if (snapshot.state() == ServerState.RUNNING || snapshot.state() == ServerState.STARTING) {
            stop(Lifecycle::nothing);
        }
        start(waiter);
    }

    private void startOnceStopped(Waiter<Bridge> waiter) {
        long order = orders;
        whenStopped.add(() -> {
            // Of several orders given while the server stops, the last one counts.
            if (order == orders) {
                start(waiter);
            } else if (stoppedByHand) {
                waiter.fail(notReady("it was stopped by hand before it started"));
            } else {
                use(waiter);
            }
        });
    }

    private void succeed(Waiter<Bridge> waiter) {
        Bridge bridge = snapshot.bridge();
        if (bridge != null) {
            waiter.succeed(bridge);
        } else {
            waiter.fail(notReady(snapshot.why(spec.restart())));
        }
    }

    private void connect() {
        retry.cancel();
        int number = ++attempt;
        move(ServerState.STARTING, null, snapshot.lastExit(), snapshot.lastError(), NEVER);
        Runnable turn = () -> open(number);
        abandon = () -> gate.forget(turn);
        opening = NO_BRIDGE;
        gate.enter(turn);
    }

    private void open(int number) {
        starts++;
        BridgeListener notifications =
                notification -> scheduler.schedule(Duration.ZERO, () -> listener.notified(spec.name(), notification));
        ConnectRequest request = new ConnectRequest(spec.startTimeout(), JsonText.EMPTY_OBJECT, notifications);
        CompletionStage<Bridge> opening = SafeStages.call(part(), () -> connector.connect(request));
        this.opening = opening;
        Runnable cancel = () -> opening.toCompletableFuture().cancel(true);
        abandon = cancel;
        // The connector keeps its own time; this only catches one that does not.
        Scheduler.Task guard = scheduler.schedule(spec.startTimeout().plus(GRACE), cancel);
        opening.whenComplete((bridge, failure) -> scheduler.schedule(Duration.ZERO, () -> {
            guard.cancel();
            gate.leave();
            if (number != attempt) {
                if (bridge != null) {
                    bridge.closeAsync();
                }
            } else if (bridge != null) {
                opened(number, bridge);
            } else {
                startFailed(failure);
            }
        }));
    }

    private void opened(int number, Bridge bridge) {
        abandon = Lifecycle::nothing;
        runningSince = scheduler.nanoTime();
        wake.awake();
        move(ServerState.RUNNING, bridge, snapshot.lastExit(), null, NEVER);
        tell(waiter -> waiter.succeed(bridge));
        health = new HealthCheck(
                bridge, scheduler, spec.healthInterval(), reason -> unresponsive(number, bridge, reason), this::warned);
        health.begin();
        idle.begin(bridge, () -> halt(Lifecycle::nothing));
        bridge.whenClosed()
                .whenComplete((exit, failure) -> scheduler.schedule(
                        Duration.ZERO,
                        () -> closed(
                                number,
                                exit != null
                                        ? exit
                                        : BridgeExit.of(BridgeExit.Cause.PROTOCOL, String.valueOf(failure)))));
    }

    private void startFailed(@Nullable Throwable failure) {
        Throwable cause = failure == null ? new IllegalStateException("the connector answered null") : failure;
        Throwable known = SafeStages.unwrap(cause, part(), spec.name(), false);
        if (cause instanceof CancellationException) {
            known = new ConnectException(
                    ErrorKind.INIT_TIMEOUT,
                    spec.name(),
                    "Server '" + spec.name() + "' did not start in time",
                    null,
                    null);
        }
        BridgeExit exit = known instanceof ConnectException refused
                ? refused.exit().orElse(snapshot.lastExit())
                : snapshot.lastExit();
        log.atWarn().addKeyValue("server", spec.name()).log(known.getMessage());
        backOff(Duration.ZERO, exit, known.getMessage());
        Throwable told = known;
        tell(waiter -> waiter.fail(told));
    }

    private void closed(int number, BridgeExit exit) {
        if (number != attempt || snapshot.state() != ServerState.RUNNING) {
            return;
        }
        log.atWarn()
                .addKeyValue("server", spec.name())
                .addKeyValue("cause", exit.cause())
                .log("The server ended: " + exit.detail());
        leaveRunning();
        backOff(Duration.ofNanos(scheduler.nanoTime() - runningSince), exit, null);
    }

    private void warned(List<String> warnings) {
        snapshot = snapshot.withWarnings(warnings);
        warnings.forEach(
                warning -> log.atWarn().addKeyValue("server", spec.name()).log(warning));
    }

    private void unresponsive(int number, Bridge bridge, String reason) {
        if (number != attempt) {
            return;
        }
        log.atWarn()
                .addKeyValue("server", spec.name())
                .addKeyValue("reason", reason)
                .log("The server answers no health check and is restarted");
        BridgeExit exit = BridgeExit.of(BridgeExit.Cause.STALLED, reason);
        Duration ran = Duration.ofNanos(scheduler.nanoTime() - runningSince);
        leaveRunning();
        move(ServerState.STOPPING, null, exit, null, NEVER);
        attempt++;
        close(bridge, () -> {
            if (stoppedByHand) {
                becomeStopped();
            } else {
                backOff(ran, exit, null);
                runStopped();
            }
        });
    }

    /** Waits before the next attempt, or gives up. */
    private void backOff(Duration healthyFor, @Nullable BridgeExit exit, @Nullable String error) {
        quarantined &= healthyFor.compareTo(spec.restart().window()) < 0;
        quarantined |= !budget.spend(scheduler.nanoTime(), healthyFor);
        Duration delay = quarantined ? spec.restart().probeInterval() : budget.nextDelay();
        boolean never = quarantined && delay.isZero();
        long at = never ? NEVER : scheduler.nanoTime() + delay.toNanos();
        move(quarantined ? ServerState.FAILED : ServerState.BACKING_OFF, null, exit, error, at);
        int number = ++attempt;
        if (!never) {
            retry = scheduler.schedule(delay, () -> {
                if (number == attempt) {
                    connect();
                }
            });
        }
    }

    /** Stops by hand, until somebody starts it; runs the given end when nothing is left. */
    void stop(Runnable stopped) {
        stoppedByHand = true;
        orders++;
        halt(stopped);
    }

    private void halt(Runnable stopped) {
        switch (snapshot.state()) {
            case STOPPING -> whenStopped.add(stopped);
            case STOPPED -> stopped.run();
            case BACKING_OFF, FAILED -> {
                retry.cancel();
                attempt++;
                move(ServerState.STOPPED, null, snapshot.lastExit(), snapshot.lastError(), NEVER);
                stopped.run();
            }
            case STARTING -> {
                attempt++;
                whenStopped.add(stopped);
                move(ServerState.STOPPING, null, snapshot.lastExit(), snapshot.lastError(), NEVER);
                CompletionStage<Bridge> opening = this.opening;
                abandon.run();
                tell(waiter -> waiter.fail(notReady("it was stopped while it started")));
                // The bridge may have come just before the order to stop did.
                settle(
                        opening.handle((bridge, failure) -> SafeStages.call(
                                        part(), bridge == null ? connector::settled : bridge::closeAsync))
                                .thenCompose(gone -> gone),
                        () -> becomeStopped());
            }
            case RUNNING -> {
                whenStopped.add(stopped);
                Bridge bridge = snapshot.bridge();
                leaveRunning();
                attempt++;
                move(ServerState.STOPPING, null, snapshot.lastExit(), null, NEVER);
                if (bridge != null) {
                    bridge.whenClosed().thenAccept(exit -> scheduler.schedule(Duration.ZERO, () -> note(exit)));
                    close(bridge, () -> becomeStopped());
                }
            }
        }
    }

    private void note(BridgeExit exit) {
        if (snapshot.state() == ServerState.STOPPING || snapshot.state() == ServerState.STOPPED) {
            snapshot = snapshot.withExit(exit);
        }
    }

    private void becomeStopped() {
        move(ServerState.STOPPED, null, snapshot.lastExit(), snapshot.lastError(), NEVER);
        runStopped();
    }

    private void runStopped() {
        List<Runnable> orders = List.copyOf(whenStopped);
        whenStopped.clear();
        orders.forEach(Runnable::run);
    }

    /** Stops for good. */
    void end(Runnable stopped) {
        ended = true;
        stop(() -> settle(SafeStages.call(part(), connector::settled), stopped));
    }

    private void close(Bridge bridge, Runnable then) {
        settle(SafeStages.call(part(), bridge::closeAsync), then);
    }

    private void settle(CompletionStage<Void> stage, Runnable then) {
        new BoundedWait(scheduler, LONGEST_STOP, then).on(stage);
    }

    private void leaveRunning() {
        if (health != null) {
            health.end();
            health = null;
        }
        idle.end();
        if (probing) {
            probing = false;
            tell(waiter -> waiter.fail(new ServerNotReadyException(
                    spec.name(),
                    ServerState.STOPPING,
                    "it ended while it was asked whether it had outlived the machine's sleep",
                    Duration.ofSeconds(1))));
        }
    }

    private static void nothing() {}

    private void tell(Consumer<Waiter<Bridge>> news) {
        List<Waiter<Bridge>> told = List.copyOf(waiters);
        waiters.clear();
        told.forEach(news);
    }

    private void move(
            ServerState state,
            @Nullable Bridge bridge,
            @Nullable BridgeExit exit,
            @Nullable String error,
            long retryAt) {
        LifecycleSnapshot before = snapshot;
        snapshot = new LifecycleSnapshot(
                spec.name(), state, scheduler.now(), Math.max(0, starts - 1), bridge, exit, error, retryAt, List.of());
        ready = bridge == null ? null : Promise.succeeded(bridge);
        listener.changed(before.reported(), snapshot.reported());
    }

    private String part() {
        return "bridge of server '" + spec.name() + "'";
    }
}
