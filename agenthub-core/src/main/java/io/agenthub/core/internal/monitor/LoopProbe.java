package io.agenthub.core.internal.monitor;

import io.agenthub.api.Scheduler;
import io.agenthub.api.monitor.LoopStats;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Measures one loop: a probe is put into its queue, and how long it takes to run is the loop's lag. Looked at from the control
 * thread, so that a loop that runs nothing at all is seen, too. Its statistics may be read from any thread.
 */
final class LoopProbe implements Runnable {
    /*
     * control:  send ──── look ──── look ── ...        a look takes the lag of the probe that ran since the last look,
     * loop:        └─ waits ─┴─ run                    or the age of the one that still waits
     *
     * That one waits says nothing good of the loop: until it is older than the one before had to wait, that one's lag stands, for
     * the alert as for whoever reads the statistics.
     *
     * When the machine or the JVM stands still, the looks come late as well. What they were late while a probe waited is not the
     * loop's fault, and does not count against its limit.
     */
    private static final long SHARE_WINDOW = TimeUnit.SECONDS.toNanos(1);
    private static final long RECENT = TimeUnit.SECONDS.toNanos(30);

    private final Executor loop;
    private final Scheduler scheduler;
    private final LongSupplier queued;
    private final CpuClock cpu;
    private volatile String name;
    private volatile @Nullable Thread thread;
    private volatile boolean waiting;
    private volatile long sentAt;
    private volatile long lag;
    private volatile double share = Double.NaN;
    private volatile long recentMax;
    private volatile long formerMax;
    private long recentSince;
    private volatile long ownBefore;
    private volatile long excused;
    private long stalledAtSend;
    private long shareSince;
    private long cpuSince = CpuClock.UNKNOWN;

    /**
     * Makes a probe that is not sent yet.
     *
     * @param name what to call the loop until its thread tells
     * @param queued how many tasks wait in the loop
     */
    LoopProbe(String name, Executor loop, LongSupplier queued, Scheduler scheduler, CpuClock cpu) {
        this.name = name;
        this.loop = loop;
        this.queued = queued;
        this.scheduler = scheduler;
        this.cpu = cpu;
        this.recentSince = scheduler.nanoTime();
    }

    /** On the loop. */
    @Override
    public void run() {
        seen(Thread.currentThread());
        lag = scheduler.nanoTime() - sentAt;
        waiting = false;
    }

    private void seen(Thread current) {
        if (thread != current) {
            thread = current;
            name = current.getName();
        }
    }

    /**
     * Takes what there is to see and sends the next probe.
     *
     * @param stalled how late all looks together have been until now
     * @return the lag that is the loop's own, in nanoseconds
     */
    long look(long now, long stalled) {
        boolean waits = waiting;
        long seen = waits ? now - sentAt : lag;
        remember(seen, now);
        excused = stalled - stalledAtSend;
        long own = Math.max(0, seen - excused);
        if (waits) {
            return Math.max(own, ownBefore);
        }
        ownBefore = own;
        send(now, stalled);
        return own;
    }

    private void send(long now, long stalled) {
        sentAt = now;
        stalledAtSend = stalled;
        excused = 0;
        waiting = true;
        try {
            loop.execute(this);
        } catch (RejectedExecutionException e) {
            waiting = false; // it has ended; so will the hub
        }
    }

    /** For the control thread, which a look itself runs on: how late it was. */
    long lookLate(long now, long late) {
        seen(Thread.currentThread());
        lag = late;
        remember(late, now);
        return late;
    }

    private void remember(long seen, long now) {
        if (now - recentSince >= RECENT) {
            formerMax = recentMax;
            recentMax = 0;
            recentSince = now;
        }
        recentMax = Math.max(recentMax, seen);
    }

    /**
     * Measures the CPU time of the loop's thread.
     *
     * @return its share of the time since the window began, once the window is full; else not a number
     */
    double lookAtCpu(long now) {
        boolean begun = cpuSince != CpuClock.UNKNOWN;
        if (begun && now - shareSince < SHARE_WINDOW) {
            return Double.NaN;
        }
        long used = cpu.nanos(thread);
        if (begun && used != CpuClock.UNKNOWN) {
            share = Math.min(1, (double) (used - cpuSince) / (now - shareSince));
        }
        cpuSince = used;
        shareSince = now;
        return begun ? share : Double.NaN;
    }

    String name() {
        return name;
    }

    LoopStats stats() {
        long nanos = cpu.nanos(thread);
        long seen = waiting ? Math.max(ownBefore, scheduler.nanoTime() - sentAt - excused) : lag;
        return new LoopStats(
                name,
                Duration.ofNanos(seen),
                Duration.ofNanos(Math.max(Math.max(recentMax, formerMax), seen)),
                queued.getAsLong(),
                nanos == CpuClock.UNKNOWN ? Optional.empty() : Optional.of(Duration.ofNanos(nanos)),
                Double.isNaN(share) ? OptionalDouble.empty() : OptionalDouble.of(share));
    }
}
