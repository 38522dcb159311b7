package io.agenthub.examples.gateway;

import io.agenthub.api.HubThread;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/** Collects the blocking calls that event loops and the control thread make, from the start of the JVM on. */
public final class BlockingCalls implements BlockHoundIntegration {
    static final Queue<String> SEEN = new ConcurrentLinkedQueue<>();
    private static final ThreadLocal<Boolean> NOTING = ThreadLocal.withInitial(() -> false);

    @Override
    public void applyTo(BlockHound.Builder builder) {
        builder.nonBlockingThreadPredicate(others -> others.or(BlockingCalls::mustNeverBlock))
                // A logger writes to the console, and a class is read from its jar when it is first used.
                .allowBlockingCallsInside("org.slf4j.simple.SimpleLogger", "write")
                .allowBlockingCallsInside("java.lang.ClassLoader", "loadClass")
                // The lock of an executor's queue is held for a handful of instructions.
                .allowBlockingCallsInside("java.util.concurrent.ThreadPoolExecutor", "execute")
                .allowBlockingCallsInside("java.util.concurrent.ThreadPoolExecutor", "remove")
                .allowBlockingCallsInside("java.util.concurrent.ThreadPoolExecutor", "shutdownNow")
                .allowBlockingCallsInside("java.util.concurrent.ThreadPoolExecutor", "getActiveCount")
                .allowBlockingCallsInside("java.util.concurrent.ThreadPoolExecutor", "getPoolSize")
                // So is the lock of a process's exit status.
                .allowBlockingCallsInside("java.lang.ProcessImpl", "isAlive")
                .blockingMethodCallback(method -> note(method.toString()));
    }

    /** The threads of a store exist to wait for a disk. */
    private static boolean mustNeverBlock(Thread thread) {
        return thread instanceof HubThread owned
                && !owned.mayBlock()
                && !thread.getName().startsWith("agenthub-store");
    }

    private static void note(String method) {
        // Describing a call may itself load classes from a jar.
        if (NOTING.get()) {
            return;
        }
        NOTING.set(true);
        try {
            StringBuilder where = new StringBuilder(Thread.currentThread().getName() + ": " + method);
            for (StackTraceElement frame : Thread.currentThread().getStackTrace()) {
                where.append("\n  at ").append(frame);
            }
            SEEN.add(where.toString());
        } finally {
            NOTING.set(false);
        }
    }
}
