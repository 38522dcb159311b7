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
 * The resources that a server was asked to watch over its shared connection. A new connection is asked for them again, since the
 * server behind it knows nothing of what was said to the one before. Thread-safe.
 */
final class Subscriptions {
    private static final Logger log = LoggerFactory.getLogger(Subscriptions.class);
    private static final String SUBSCRIBE = "resources/subscribe";
    private static final int MOST = 10_000;

    private final Set<String> uris = ConcurrentHashMap.newKeySet();

    /** A request succeeded. */
    void succeeded(String method, @Nullable JsonText params) {
        boolean begins = method.equals(SUBSCRIBE);
        if (begins || method.equals("resources/unsubscribe")) {
            uri(params).ifPresent(uri -> {
                if (!begins) {
                    uris.remove(uri);
                } else if (uris.size() < MOST) {
                    uris.add(uri);
                }
            });
        }
    }

    private static Optional<String> uri(@Nullable JsonText params) {
        try {
            return params == null ? Optional.empty() : params.member("uri").flatMap(JsonText::string);
        } catch (MalformedMessageException e) {
            // Two of them: which one the server took cannot be known.
            return Optional.empty();
        }
    }

    /** The server runs anew. It is asked past the breaker, which may stand open for what the process before did. */
    void renew(Scheduler scheduler, ManagedServer server) {
        List<String> all = List.copyOf(uris);
        if (all.isEmpty()) {
            return;
        }
        log.atInfo()
                .addKeyValue("server", server.spec().name())
                .addKeyValue("subscriptions", all.size())
                .log("The server runs anew and is asked again for what it was subscribed to");
        SafeStages.call("supervisor", server::bridge).whenComplete((bridge, failure) -> {
            if (bridge != null) {
                all.forEach(uri -> renew(scheduler, server.spec(), bridge, uri));
            }
            // Otherwise it has ended already; the next one will be asked.
        });
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
