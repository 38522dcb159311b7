package io.agenthub.core.internal.monitor;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import org.jspecify.annotations.Nullable;

/** Tells how much CPU time a thread has taken, where the JVM does. Thread-safe. */
final class CpuClock {
    /** The answer where it is not known. */
    static final long UNKNOWN = -1;

    private final @Nullable ThreadMXBean threads = threads();

    private static @Nullable ThreadMXBean threads() {
        try {
            ThreadMXBean bean = ManagementFactory.getThreadMXBean();
            return bean.isThreadCpuTimeSupported() && bean.isThreadCpuTimeEnabled() ? bean : null;
        } catch (LinkageError | UnsupportedOperationException e) {
            return null; // a runtime image without java.management
        }
    }

    /** Nanoseconds, or {@link #UNKNOWN}. */
    long nanos(@Nullable Thread thread) {
        return threads == null || thread == null ? UNKNOWN : threads.getThreadCpuTime(thread.getId());
    }
}
