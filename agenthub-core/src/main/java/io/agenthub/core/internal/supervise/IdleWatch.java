package io.agenthub.core.internal.supervise;

import io.agenthub.api.Scheduler;
import io.agenthub.api.bridge.Bridge;
import java.time.Duration;

/** Notices that a running server was not used for a while. Confined to the control thread, but for {@link #touch}. */
final class IdleWatch {
    private final Scheduler scheduler;
    private final Duration limit;
    private volatile long lastUse;
    private int turn;
    private Scheduler.Task next = () -> {};

    /**
     * Watches nothing yet.
     *
     * @param limit how long a server may stay unused; zero for ever
     */
    IdleWatch(Scheduler scheduler, Duration limit) {
        this.scheduler = scheduler;
        this.limit = limit;
    }

    /** It is being used, says any thread. */
    void touch() {
        lastUse = scheduler.nanoTime();
    }

    /** Begins to watch a connection; what is told comes at most once, and not while a call is in flight. */
    void begin(Bridge bridge, Runnable unused) {
        touch();
        if (!limit.isZero()) {
            watch(bridge, limit, unused);
        }
    }

    void end() {
        turn++;
        next.cancel();
    }

    private void watch(Bridge bridge, Duration wait, Runnable unused) {
        int mine = ++turn;
        next = scheduler.schedule(wait, () -> {
            if (mine != turn) {
                return;
            }
            Duration left = limit.minusNanos(scheduler.nanoTime() - lastUse);
            if (!left.isNegative() && !left.isZero()) {
                watch(bridge, left, unused);
            } else if (bridge.stats().inFlight() > 0) {
                watch(bridge, limit, unused);
            } else {
                unused.run();
            }
        });
    }
}
