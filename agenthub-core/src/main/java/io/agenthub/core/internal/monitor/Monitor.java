package io.agenthub.core.internal.monitor;

import io.agenthub.api.Scheduler;
import io.agenthub.api.monitor.Alert;
import io.agenthub.api.monitor.LoopStats;
import io.agenthub.api.monitor.MonitorPolicy;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/** Looks at the loops and the calls in flight again and again, and raises alerts. Thread-safe; looks on the control thread. */
public final class Monitor {
    private static final double SECOND = TimeUnit.SECONDS.toNanos(1);

    private final MonitorPolicy policy;
    private final Scheduler scheduler;
    private final IntSupplier pending;
    private final List<LoopProbe> loops = new ArrayList<>();
    private final LoopProbe control;
    private final Alerts alerts;
    private final Meters meters;
    private volatile boolean ended;
    private volatile Scheduler.Task next = () -> {};
    private long due;
    private long stalled;

    /**
     * Makes a monitor that does not look yet.
     *
     * @param policy how often to look, and the limits
     * @param scheduler runs the looks
     * @param executors the loops to watch
     * @param pending the calls in flight
     * @param listener hears of alerts
     */
    public Monitor(
            MonitorPolicy policy,
            Scheduler scheduler,
            Iterable<? extends Executor> executors,
            IntSupplier pending,
            AlertListener listener) {
        this.policy = policy;
        this.scheduler = scheduler;
        this.pending = pending;
        this.alerts = new Alerts(scheduler, listener);
        this.meters = new Meters(policy.maxClients());
        CpuClock cpu = new CpuClock();
        for (Executor loop : executors) {
            loops.add(new LoopProbe("loop-" + (loops.size() + 1), loop, queued(loop), scheduler, cpu));
        }
        this.control = new LoopProbe("control", Runnable::run, () -> 0, scheduler, cpu);
    }

    private static LongSupplier queued(Executor loop) {
        return loop instanceof SingleThreadEventExecutor single ? single::pendingTasks : () -> 0;
    }

    /** Begins to look, unless the policy says otherwise. */
    public void begin() {
        if (policy.enabled()) {
            plan(scheduler.nanoTime());
        }
    }

    private void plan(long now) {
        due = now + policy.interval().toNanos();
        next = scheduler.schedule(policy.interval(), this::look);
        if (ended) {
            next.cancel();
        }
    }

    /** Looks no more. Idempotent. */
    public void end() {
        ended = true;
        next.cancel();
    }

    private void look() {
        if (ended) {
            return;
        }
        long now = scheduler.nanoTime();
        long late = Math.max(0, now - due);
        stalled += late;
        for (LoopProbe loop : loops) {
            judge(loop, loop.look(now, stalled), now);
        }
        judge(control, control.lookLate(now, late), now);
        alerts.look(Alert.Kind.PENDING_CALLS, this, "hub", pending.getAsInt(), policy.maxPending());
        plan(now);
    }

    private void judge(LoopProbe loop, long lag, long now) {
        double limit = policy.maxLag().toNanos() / SECOND;
        alerts.look(Alert.Kind.LOOP_LAG, loop, loop.name(), lag / SECOND, limit);
        alerts.look(Alert.Kind.LOOP_CPU, loop, loop.name(), loop.lookAtCpu(now), policy.maxLoopCpu());
    }

    /**
     * The meters of servers and clients.
     *
     * @return always the same
     */
    public Meters meters() {
        return meters;
    }

    /**
     * Whether calls are to be counted.
     *
     * @return false if the policy says so
     */
    public boolean isCounting() {
        return policy.enabled();
    }

    /**
     * The loops.
     *
     * @return a snapshot, the control thread last; empty if they are not watched
     */
    public List<LoopStats> loops() {
        List<LoopStats> stats = new ArrayList<>();
        if (policy.enabled()) {
            loops.forEach(loop -> stats.add(loop.stats()));
            stats.add(control.stats());
        }
        return stats;
    }

    /**
     * The alerts that are raised.
     *
     * @return the oldest first
     */
    public List<Alert> alerts() {
        return alerts.active();
    }

    /**
     * How often each kind was raised.
     *
     * @return all kinds
     */
    public Map<Alert.Kind, Long> alertsRaised() {
        return alerts.raised();
    }
}
