package io.agenthub.core.internal.concurrent;

import io.agenthub.api.HubThread;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes the hub's daemon threads, which know that they belong to it. */
public final class HubThreads {
    private HubThreads() {}

    /**
     * Threads that must not block, numbered if there can be several.
     *
     * @param name the common name
     * @param numbered whether a number is appended
     * @return the factory
     */
    public static ThreadFactory nonBlocking(String name, boolean numbered) {
        return factory(name, numbered, false);
    }

    /**
     * Threads on which user code may block, numbered.
     *
     * @param name the common name
     * @return the factory
     */
    public static ThreadFactory blocking(String name) {
        return factory(name, true, true);
    }

    private static ThreadFactory factory(String name, boolean numbered, boolean mayBlock) {
        AtomicInteger count = new AtomicInteger();
        return task -> new Owned(task, numbered ? name + "-" + count.incrementAndGet() : name, mayBlock);
    }

    private static final class Owned extends FastThreadLocalThread implements HubThread {
        private final boolean mayBlock;

        Owned(Runnable task, String name, boolean mayBlock) {
            super(task, name);
            this.mayBlock = mayBlock;
            setDaemon(true);
        }

        @Override
        public boolean mayBlock() {
            return mayBlock;
        }

        @Override
        public boolean permitBlockingCalls() {
            return mayBlock;
        }
    }
}
