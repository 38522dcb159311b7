package io.agenthub.core.internal.hub;

import io.agenthub.api.Scheduler;
import io.agenthub.api.bridge.Bridge;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.MalformedMessageException;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.rpc.RpcResult;
import io.agenthub.api.server.ManagedServer;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.core.internal.spi.OwnRequest;
import io.agenthub.core.internal.spi.SafeStages;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The resources that a server was asked to watch over its shared connection, or over that of a client session. A new connection is
 * asked for them again, since the server behind it knows nothing of what was said to the one before. Thread-safe.
 */
final class Subscriptions {
    private static final Logger log = LoggerFactory.getLogger(Subscriptions.class);
    /** Stands for the connection that all share. */
    static final String SHARED = "";

    private static final String SUBSCRIBE = "resources/subscribe";
    private static final String UNSUBSCRIBE = "resources/unsubscribe";
    private static final int MOST = 10_000;

    /** What each connection watches, by its session. */
    private final Map<String, Set<String>> watched = new ConcurrentHashMap<>();

    /** Whether a request with this method changes what is watched. */
    static boolean concerns(String method) {
        return method.equals(SUBSCRIBE) || method.equals(UNSUBSCRIBE);
    }

    /** A request that {@link #concerns} succeeded over the connection of a session, or the shared one. */
    void succeeded(String session, String method, @Nullable JsonText params) {
        uri(params).ifPresent(uri -> {
            Set<String> uris = watched.computeIfAbsent(session, connection -> ConcurrentHashMap.newKeySet());
            if (method.equals(UNSUBSCRIBE)) {
                uris.remove(uri);
            } else if (uris.size() < MOST) {
                uris.add(uri);
            }
        });
    }

    private static Optional<String> uri(@Nullable JsonText params) {
        try {
            return params == null ? Optional.empty() : params.member("uri").flatMap(JsonText::string);
        } catch (MalformedMessageException e) {
            // Two of them: which one the server took cannot be known.
            return Optional.empty();
        }
    }

    /** A session ended, and its connection with it. */
    void forget(String session) {
        watched.remove(session);
    }

    /** The server runs anew. */
    void renew(Scheduler scheduler, ManagedServer server) {
        if (!uris(SHARED).isEmpty()) {
            SafeStages.call("supervisor", server::bridge).whenComplete((bridge, failure) -> {
                if (bridge != null) {
                    renew(scheduler, server.spec(), SHARED, bridge);
                }
                // Otherwise it has ended already; the next one will be asked.
            });
        }
    }

    /** A connection is new. It is asked past the breaker, which may stand open for what the process before did. */
    void renew(Scheduler scheduler, ServerSpec spec, String session, Bridge bridge) {
        List<String> uris = uris(session);
        if (!uris.isEmpty()) {
            log.atInfo()
                    .addKeyValue("server", spec.name())
                    .addKeyValue("subscriptions", uris.size())
                    .log("A connection is new and asked again for what the one before was subscribed to");
            uris.forEach(uri -> renew(scheduler, spec, bridge, uri));
        }
    }

    private List<String> uris(String session) {
        return List.copyOf(watched.getOrDefault(session, Set.of()));
    }

    private static void renew(Scheduler scheduler, ServerSpec spec, Bridge bridge, String uri) {
        JsonText params = JsonText.object(Map.of("uri", JsonText.quote(uri)));
        OwnRequest request = new OwnRequest(spec.callTimeout(), "Nobody is here to be asked");
        request.send(scheduler, bridge, SUBSCRIBE, params).whenComplete((outcome, failure) -> {
            if (!(outcome instanceof RpcResult)) {
                log.atWarn()
                        .addKeyValue("server", spec.name())
                        .addKeyValue("uri", uri)
                        .log("A subscription was not renewed: " + problem(outcome, failure));
            }
        });
    }

    private static String problem(@Nullable RpcOutcome outcome, @Nullable Throwable failure) {
        return outcome instanceof RpcError error ? error.message() : String.valueOf(failure);
    }
}
