package io.agenthub.api.monitor;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * The calls of one client, as it named itself. Calls without a name are counted for their server only.
 *
 * @param name its name, or {@link #OTHER}
 * @param calls ended calls by outcome; those never seen are left out
 * @param latency of the calls that a server answered, be it with an error
 */
public record ClientStats(String name, Map<String, Long> calls, Latency latency) {

    /** Stands for all clients beyond {@link MonitorPolicy#maxClients()}. */
    public static final String OTHER = "_other";

    /** Copies. */
    public ClientStats {
        calls = Collections.unmodifiableMap(new TreeMap<>(calls));
    }
}
