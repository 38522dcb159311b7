package io.agenthub.mcp;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * Locks inside the JDK's executors and processes, held for a handful of instructions, on which an event loop may briefly wait. Found by
 * BlockHound through its service file; everything else that blocks an event loop fails the test.
 */
public final class ShortLocks implements BlockHoundIntegration {
    @Override
    public void applyTo(BlockHound.Builder builder) {
        String executors = "java.util.concurrent.ThreadPoolExecutor";
        builder.allowBlockingCallsInside(executors, "execute")
                .allowBlockingCallsInside(executors, "remove")
                .allowBlockingCallsInside("java.util.concurrent.ScheduledThreadPoolExecutor", "schedule")
                .allowBlockingCallsInside("java.lang.ProcessImpl", "isAlive");
    }
}
