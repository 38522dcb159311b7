package io.agenthub.core.internal.lease;

import io.agenthub.api.bridge.Bridge;

/** The use of a connection, given back exactly once. Thread-safe. */
public final class Lease {
    private final BridgePool pool;
    private final Slot slot;
    private final Bridge bridge;
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
        }
        pool.release(slot, clean);
    }
}
