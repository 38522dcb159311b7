package io.agenthub.core;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * Locks inside the JDK's executors, held for a handful of instructions, on which an event loop may briefly wait. Found by
 * BlockHound through its service file; everything else that blocks an event loop fails the test.
 *
 * <p>Without it BlockHound, by throwing out of the wait for such a lock, would leave the lock to nobody, and the threads of the
 * executor waiting for ever.
 */
public final class ShortLocks implements BlockHoundIntegration {
    @Override
    public void applyTo(BlockHound.Builder builder) {
        String executors = "java.util.concurrent.ThreadPoolExecutor";
        builder.allowBlockingCallsInside(executors, "execute")
                .allowBlockingCallsInside(executors, "remove")
                .allowBlockingCallsInside(executors, "getActiveCount")
                .allowBlockingCallsInside(executors, "getPoolSize")
                .allowBlockingCallsInside("java.util.concurrent.ScheduledThreadPoolExecutor", "schedule");
    }
}
