package io.agenthub.gateway.internal.mcp.upstream;

import io.agenthub.api.hub.Hub;
import io.agenthub.api.hub.HubListener;
import io.agenthub.api.hub.McpServer;
import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.server.ServerState;
import io.agenthub.api.server.ServerStatus;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the gateway knows of each server of its hub beyond the server itself. Thread-safe. */
public final class Servers implements HubListener {
    private final Hub hub;
    private final Map<String, ServerLink> links = new ConcurrentHashMap<>();
    private final Set<Consumer<RpcNotification>> listeners = ConcurrentHashMap.newKeySet();
    private Hub.@Nullable Registration registration;

    /**
     * Makes it for a hub.
     *
     * @param hub has the servers
     */
    public Servers(Hub hub) {
        this.hub = hub;
    }

    /** Begins to listen to the hub. Idempotent. */
    public synchronized void begin() {
        if (registration == null) {
            registration = hub.listen(this);
        }
    }

    /** Ends listening to the hub. Idempotent. */
    public synchronized void end() {
        if (registration != null) {
            registration.end();
            registration = null;
        }
    }

    /** Withdraws from all servers what they are asked for no client's call: whoever waits for it is told that the gateway closes. */
    public void giveUp() {
        links.values().forEach(ServerLink::giveUp);
    }

    /**
     * One server.
     *
     * @param name its name
     * @return what is known of it
     * @throws io.agenthub.api.server.UnknownServerException if there is none of this name
     */
    public ServerLink get(String name) {
        McpServer server = hub.server(name);
        // Asked each time, since the configuration may have changed; by what costs least to tell.
        server.breaker();
        ServerLink link = links.get(name);
        return link != null
                ? link
                : links.computeIfAbsent(server.status().name(), known -> new ServerLink(known, server));
    }

    /**
     * All servers.
     *
     * @return by name, in the order of the names
     */
    public Map<String, ServerLink> all() {
        Map<String, ServerLink> all = new TreeMap<>();
        for (McpServer server : hub.servers()) {
            String name = server.status().name();
            all.put(name, links.computeIfAbsent(name, known -> new ServerLink(known, server)));
        }
        return all;
    }

    /**
     * Hears what any server announces outside any call.
     *
     * @param listener called on the callback executor, in order
     * @return ends the listening
     */
    public Hub.Registration listen(Consumer<RpcNotification> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public void notified(String server, RpcNotification notification) {
        ServerLink link = links.get(server);
        if (link != null) {
            link.notified(notification);
        }
        listeners.forEach(listener -> listener.accept(notification));
    }

    @Override
    public void serverChanged(ServerStatus before, ServerStatus after) {
        ServerLink link = links.get(after.name());
        if (link != null && after.state() == ServerState.RUNNING) {
            link.restarted();
        }
    }
}
