package io.agenthub.core.internal.monitor;

import io.agenthub.api.monitor.ClientStats;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** The meters of all servers, and of as many clients as there is room for. Thread-safe. */
public final class Meters {
    private static final int LONGEST_NAME = 128;
    private static final int REPLACEMENT = 0xFFFD;

    private final int maxClients;
    private final Map<String, ServerMeter> servers = new ConcurrentHashMap<>();
    private final Map<String, CallMeter> clients = new ConcurrentHashMap<>();
    private final CallMeter otherClients = new CallMeter();

    Meters(int maxClients) {
        this.maxClients = maxClients;
    }

    /**
     * The meter of a server; it stays when the server's configuration changes.
     *
     * @param name its name
     * @return the meter
     */
    public ServerMeter server(String name) {
        return servers.computeIfAbsent(name, any -> new ServerMeter());
    }

    /**
     * Forgets servers that are gone.
     *
     * @param names those that are left
     */
    public void keep(Collection<String> names) {
        servers.keySet().retainAll(names);
    }

    /**
     * The meter of a client.
     *
     * @param name as it named itself, of any length: its first {@value #LONGEST_NAME} characters tell it from others
     * @return its own, or that of all others when there is no room
     */
    public CallMeter client(String name) {
        CallMeter known = clients.get(name);
        return known != null ? known : newcomer(label(name));
    }

    /** What can be shown of a name: not too much, and no half of a surrogate pair, of which many would look the same. */
    private static String label(String name) {
        int cut = name.length() > LONGEST_NAME && Character.isHighSurrogate(name.charAt(LONGEST_NAME - 1)) ? 1 : 0;
        return name.substring(0, Math.min(name.length(), LONGEST_NAME - cut))
                .codePoints()
                .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? REPLACEMENT : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private CallMeter newcomer(String name) {
        if (name.equals(ClientStats.OTHER)) {
            return otherClients;
        }
        if (clients.size() >= maxClients) {
            return clients.getOrDefault(name, otherClients);
        }
        synchronized (clients) {
            CallMeter known = clients.get(name);
            if (known == null && clients.size() < maxClients) {
                known = new CallMeter();
                clients.put(name, known);
            }
            return known == null ? otherClients : known;
        }
    }

    /**
     * The clients that were seen.
     *
     * @return a snapshot, ordered by name
     */
    public Collection<ClientStats> clients() {
        Map<String, ClientStats> stats = new TreeMap<>();
        clients.forEach((name, meter) -> stats.put(name, stats(name, meter)));
        ClientStats others = stats(ClientStats.OTHER, otherClients);
        if (!others.calls().isEmpty()) {
            stats.put(others.name(), others);
        }
        return stats.values();
    }

    private static ClientStats stats(String name, CallMeter meter) {
        return new ClientStats(name, meter.calls(), meter.latency());
    }
}
