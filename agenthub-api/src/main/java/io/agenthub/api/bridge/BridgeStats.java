package io.agenthub.api.bridge;

import java.util.OptionalLong;

/**
 * Counters of one connection, since it was opened unless said otherwise.
 *
 * @param pid the process id of the server, empty without a process
 * @param inFlight requests sent or queued and not yet ended, now
 * @param queuedBytes bytes accepted and not yet written to the server, now
 * @param requests requests accepted
 * @param orphans answers dropped because nobody waits for them: late, unknown or repeated
 * @param noise lines or frames that were not messages of the protocol
 * @param noiseBytes how long those were together
 * @param lastTraffic {@link io.agenthub.api.Scheduler#nanoTime()} when the server last sent a valid message
 */
public record BridgeStats(
        OptionalLong pid,
        int inFlight,
        long queuedBytes,
        long requests,
        long orphans,
        long noise,
        long noiseBytes,
        long lastTraffic) {}
