package io.agenthub.store;

import io.agenthub.api.HubThread;

/** A thread of a store: blocks on the database, and must not run what waits for the store. */
class StoreThread extends Thread implements HubThread {

    StoreThread(Runnable task, String role) {
        super(task, "agenthub-store-" + role);
        setDaemon(true);
    }

    @Override
    public final boolean mayBlock() {
        return false;
    }
}
