package io.agenthub.mcp.internal.call;

import io.agenthub.api.bridge.BridgeStats;
import java.util.OptionalLong;
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

    /**
     * All that is counted of the bridge.
     *
     * @param pid the process behind it, if there is one
     * @param admission what is on its way
     * @return the numbers now
     */
    public BridgeStats stats(OptionalLong pid, Admission admission) {
        return new BridgeStats(
                pid,
                admission.inFlight(),
                admission.queuedBytes(),
                requests.sum(),
                orphans.sum(),
                noise.sum(),
                noiseBytes.sum(),
                lastTraffic);
    }
}
