package io.agenthub.core.internal.hub;

import io.agenthub.api.BusyException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Bounds the calls in flight over all servers, and tells when none is left. Thread-safe. */
final class InFlight {
    private final int maxCalls;
    private final long maxBytes;
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    private volatile @Nullable Runnable whenIdle;

    InFlight(int maxCalls, long maxBytes) {
        this.maxCalls = maxCalls;
        this.maxBytes = maxBytes;
    }

    /** Takes a place. Null if there was one, else the refusal. */
    @Nullable
    BusyException enter(long size) {
        if (calls.incrementAndGet() > maxCalls) {
            calls.decrementAndGet();
            return new BusyException(null, "maxInFlight", maxCalls);
        }
        // One call alone may be larger than the bound, as long as it is alone.
        if (bytes.addAndGet(size) > maxBytes && calls.get() > 1) {
            leave(size);
            return new BusyException(null, "maxInFlightBytes", maxBytes);
        }
        return null;
    }

    void leave(long size) {
        bytes.addAndGet(-size);
        if (calls.decrementAndGet() == 0) {
            Runnable waiting = whenIdle;
            if (waiting != null) {
                waiting.run();
            }
        }
    }

    /** Runs the task once no call is in flight; possibly more than once, so it must be idempotent. */
    void whenIdle(Runnable task) {
        whenIdle = task;
        if (calls.get() == 0) {
            task.run();
        }
    }

    long bytes() {
        return bytes.get();
    }

    int calls() {
        return calls.get();
    }
}
