package io.agenthub.api.monitor;

import io.agenthub.api.breaker.BreakerStatus;
import io.agenthub.api.server.ServerState;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * One server, over all its connections.
 *
 * @param name its name
 * @param state where it stands
 * @param restarts how often it was started again
 * @param breaker its breaker
 * @param connections connections that are open
 * @param inFlight requests on their way, over all connections
 * @param queuedBytes bytes accepted and not yet written to it
 * @param requests requests handed to its connections
 * @param orphans answers dropped because nobody waited for them: late, unknown or repeated
 * @param noise lines or frames that were no messages
 * @param calls ended calls by outcome, as in {@link io.agenthub.api.activity.Activity#outcome()}; those never seen are left out
 * @param latency of the calls it answered, be it with an error
 */
public record ServerStats(
        String name,
        ServerState state,
        long restarts,
        BreakerStatus breaker,
        int connections,
        int inFlight,
        long queuedBytes,
        long requests,
        long orphans,
        long noise,
        Map<String, Long> calls,
        Latency latency) {

    /** Copies. */
    public ServerStats {
        calls = Collections.unmodifiableMap(new TreeMap<>(calls));
    }
}
