package io.agenthub.gateway.internal.mcp.upstream;

import io.agenthub.api.Promise;
import io.agenthub.api.hub.CallOptions;
import io.agenthub.api.hub.McpServer;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.rpc.RpcResult;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;

/**
 * The resources of one server that clients watch: asked of the server once, however many watch. The hub asks again where the
 * server was started anew. Thread-safe.
 */
final class Watches {
    private final McpServer server;
    private final Map<String, Integer> watchers = new TreeMap<>();

    Watches(McpServer server) {
        this.server = server;
    }

    CompletionStage<RpcOutcome> add(String uri, CallOptions options) {
        if (joined(uri)) {
            return Promise.succeeded(new RpcResult(JsonText.EMPTY_OBJECT));
        }
        return Promise.chain(server.request("resources/subscribe", params(uri), options), outcome -> {
            if (outcome instanceof RpcResult) {
                count(uri);
            }
            return Promise.succeeded(outcome);
        });
    }

    private synchronized boolean joined(String uri) {
        return watchers.computeIfPresent(uri, (known, count) -> count + 1) != null;
    }

    private synchronized void count(String uri) {
        watchers.merge(uri, 1, Integer::sum);
    }

    void remove(String uri) {
        if (left(uri)) {
            server.request("resources/unsubscribe", params(uri), ServerLink.ON_ARRIVAL);
        }
    }

    /** Whether the last one left. */
    private synchronized boolean left(String uri) {
        boolean watched = watchers.containsKey(uri);
        return watched && watchers.computeIfPresent(uri, (known, count) -> count > 1 ? count - 1 : null) == null;
    }

    private static JsonText params(String uri) {
        return JsonText.object(Map.of("uri", JsonText.quote(uri)));
    }
}
