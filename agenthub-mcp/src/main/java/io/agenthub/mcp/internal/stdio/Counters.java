package io.agenthub.mcp.internal.stdio;

import java.util.concurrent.atomic.LongAdder;

/** What one bridge counts beside its queue. Thread-safe. */
final class Counters {
    final LongAdder requests = new LongAdder();
    final LongAdder orphans = new LongAdder();
    final LongAdder noise = new LongAdder();
    final LongAdder noiseBytes = new LongAdder();
    volatile long lastTraffic;

    Counters(long now) {
        lastTraffic = now;
    }

    void noise(long bytes) {
        noise.increment();
        noiseBytes.add(bytes);
    }
}
