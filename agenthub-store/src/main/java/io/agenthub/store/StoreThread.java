package io.agenthub.store;

import io.agenthub.api.HubThread;

/** A thread of a store: blocks on the database, and must not run what waits for the store. */
class StoreThread extends Thread implements HubThread {

    StoreThread(Runnable task, String role) {
        super(task, "agenthub-store-" + role);
        setDaemon(true);
        // The driver runs a program when it is loaded; the thread by which the JDK waits for that outlives it, and
        // inherits this.
        setContextClassLoader(ClassLoader.getPlatformClassLoader());
    }

    @Override
    public final boolean mayBlock() {
        return false;
    }
}
