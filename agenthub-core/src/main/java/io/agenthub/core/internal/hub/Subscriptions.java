package io.agenthub.core.internal.hub;

import io.agenthub.api.hub.CallOptions;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.MalformedMessageException;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.api.rpc.RpcOutcome;
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
    private static final CallOptions ON_ARRIVAL = CallOptions.DEFAULT.withExecutor(Runnable::run);
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

    /** The server runs anew. */
    void renew(CallPipeline pipeline, ServerEntry server) {
        List<String> all = List.copyOf(uris);
        if (all.isEmpty()) {
            return;
        }
        log.atInfo()
                .addKeyValue("server", server.spec().name())
                .addKeyValue("subscriptions", all.size())
                .log("The server runs anew and is asked again for what it was subscribed to");
        for (String uri : all) {
            pipeline.call(server, SUBSCRIBE, JsonText.object(Map.of("uri", JsonText.quote(uri))), ON_ARRIVAL)
                    .whenComplete((outcome, failure) -> renewed(server.spec().name(), uri, outcome, failure));
        }
    }

    private static void renewed(String server, String uri, @Nullable RpcOutcome outcome, @Nullable Throwable failure) {
        String problem =
                outcome instanceof RpcError error ? error.message() : failure == null ? null : failure.getMessage();
        if (outcome == null || problem != null) {
            log.atWarn()
                    .addKeyValue("server", server)
                    .addKeyValue("uri", uri)
                    .log("A subscription was not renewed: " + problem);
        }
    }
}
