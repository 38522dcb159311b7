package io.agenthub.store;

import io.agenthub.api.HubThread;
import java.util.function.BooleanSupplier;

/** A thread of a store: blocks on the database, and must not run what waits for the store. */
class StoreThread extends Thread implements HubThread {
    private BooleanSupplier end = () -> false;

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

    /** What runs here from now on is to end as soon as a condition holds. For this thread. */
    void endWhen(BooleanSupplier condition) {
        end = condition;
    }

    /** Whether what runs on the current thread is to end. */
    static boolean isToEnd() {
        return Thread.currentThread() instanceof StoreThread own && own.end.getAsBoolean();
    }
}
