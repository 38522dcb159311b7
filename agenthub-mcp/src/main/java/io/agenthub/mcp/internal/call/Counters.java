package io.agenthub.mcp.internal.call;

import java.util.concurrent.atomic.LongAdder;

/** What one bridge counts beside its queue. Thread-safe. */
public final class Counters {
    /** Requests accepted. */
    public final LongAdder requests = new LongAdder();

    /** Answers that nobody waits for. */
    public final LongAdder orphans = new LongAdder();

    /** What was no message. */
    public final LongAdder noise = new LongAdder();

    /** How long that was together. */
    public final LongAdder noiseBytes = new LongAdder();

    /** When the server last sent a message. */
    public volatile long lastTraffic;

    /**
     * Counts nothing yet.
     *
     * @param now the present time
     */
    public Counters(long now) {
        lastTraffic = now;
    }

    /**
     * Counts something that was no message.
     *
     * @param bytes its length
     */
    public void noise(long bytes) {
        noise.increment();
        noiseBytes.add(bytes);
    }
}
