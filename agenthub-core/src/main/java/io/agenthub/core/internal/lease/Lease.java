package io.agenthub.core.internal.lease;

import io.agenthub.api.Scheduler;
import io.agenthub.api.bridge.Bridge;
import org.jspecify.annotations.Nullable;

/** The use of a connection, given back exactly once. Thread-safe. */
public final class Lease {
    private final BridgePool pool;
    private final Slot slot;
    private final Bridge bridge;
    private int questions;
    private Scheduler.@Nullable Task impatience;
    private boolean over;

    Lease(BridgePool pool, Slot slot, Bridge bridge) {
        this.pool = pool;
        this.slot = slot;
        this.bridge = bridge;
    }

    /**
     * The connection.
     *
     * @return the bridge leased
     */
    public Bridge bridge() {
        return bridge;
    }

    /**
     * The server asks the caller something. A caller that has not answered for {@link BridgePool#PATIENCE} keeps the connection
     * only until another one waits for it.
     *
     * @param displace ends the call, if that is so; called without a lock
     */
    public synchronized void asked(Runnable displace) {
        if (!over && questions++ == 0) {
            impatience = pool.asked(slot, displace);
        }
    }

    /** One question is answered, or withdrawn. */
    public synchronized void answered() {
        Scheduler.Task waiting = impatience;
        if (!over && --questions == 0 && waiting != null) {
            waiting.cancel();
            pool.answered(slot);
        }
    }

    /**
     * Gives the connection back. Idempotent.
     *
     * @param clean whether the server has answered; if not, it may still send questions of the past, and a connection that was
     *     leased exclusively is closed instead of used again
     */
    public void release(boolean clean) {
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
            if (impatience != null) {
                impatience.cancel();
            }
        }
        pool.release(slot, clean);
    }
}
