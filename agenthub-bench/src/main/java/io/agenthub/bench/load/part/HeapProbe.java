package io.agenthub.bench.load.part;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Looks at the heap in the middle of something. */
final class HeapProbe {

    /** What is looked into. */
    @FunctionalInterface
    interface Work {
        void run() throws InterruptedException;
    }

    private final Duration after;

    /** Creates a probe that looks after a time. */
    HeapProbe(Duration after) {
        this.after = after;
    }

    /** Runs something and returns the bytes in use, garbage excluded, a while after it began. */
    long measure(Work work) throws InterruptedException {
        AtomicLong used = new AtomicLong();
        Thread watcher = new Thread(() -> {
            LockSupport.parkNanos(after.toNanos());
            used.set(InProcessCalls.usedAfterCollection());
        });
        watcher.start();
        work.run();
        watcher.join();
        return used.get();
    }
}
