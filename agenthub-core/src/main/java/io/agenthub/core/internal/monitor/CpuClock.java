package io.agenthub.core.internal.monitor;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import org.jspecify.annotations.Nullable;

/** Tells how much CPU time a thread has taken, where the JVM does. Thread-safe. */
final class CpuClock {
    /** The answer where it is not known. */
    static final long UNKNOWN = -1;

    /** What the JVM knows of its threads; looked up at the first look, and not while a hub starts. */
    private static final class Threads {
        static final @Nullable ThreadMXBean KNOWN = known();

        private Threads() {}

        private static @Nullable ThreadMXBean known() {
            try {
                ThreadMXBean bean = ManagementFactory.getThreadMXBean();
                return bean.isThreadCpuTimeSupported() && bean.isThreadCpuTimeEnabled() ? bean : null;
            } catch (LinkageError | UnsupportedOperationException e) {
                return null; // a runtime image without java.management
            }
        }
    }

    /** Nanoseconds, or {@link #UNKNOWN}. */
    long nanos(@Nullable Thread thread) {
        ThreadMXBean threads = Threads.KNOWN;
        return threads == null || thread == null ? UNKNOWN : threads.getThreadCpuTime(thread.getId());
    }
}
