package io.agenthub.gateway.internal.mcp.upstream;

import io.agenthub.api.Promise;
import io.agenthub.api.hub.CallOptions;
import io.agenthub.api.hub.McpServer;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.rpc.RpcResult;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The resources of one server that clients watch: asked of the server once, however many watch, or once by each session where each
 * has a connection of its own. The hub asks again where a connection is new. Thread-safe.
 */
final class Watches {
    private final McpServer server;
    private final Map<Watched, Integer> watchers = new HashMap<>();
    /** What the server is told for no client. */
    private final Set<CompletionStage<?>> leaving = ConcurrentHashMap.newKeySet();

    /** What is watched over one connection: that of a session, or the one that all share. */
    private record Watched(Optional<String> session, String uri) {}

    Watches(McpServer server) {
        this.server = server;
    }

    CompletionStage<RpcOutcome> add(String uri, CallOptions options) {
        Watched watched = watched(uri, options.session());
        if (joined(watched)) {
            return Promise.succeeded(new RpcResult(JsonText.EMPTY_OBJECT));
        }
        return Promise.chain(server.request("resources/subscribe", params(uri), options), outcome -> {
            if (outcome instanceof RpcResult) {
                count(watched);
            }
            return Promise.succeeded(outcome);
        });
    }

    private Watched watched(String uri, Optional<String> session) {
        return new Watched(server.hasSessions() ? session : Optional.empty(), uri);
    }

    private synchronized boolean joined(Watched watched) {
        return watchers.computeIfPresent(watched, (known, count) -> count + 1) != null;
    }

    private synchronized void count(Watched watched) {
        watchers.merge(watched, 1, Integer::sum);
    }

    synchronized boolean has(String uri, Optional<String> session) {
        return watchers.containsKey(watched(uri, session));
    }

    /** A client watches it no longer. */
    CompletionStage<RpcOutcome> remove(String uri, CallOptions options) {
        return left(watched(uri, options.session()))
                ? server.request("resources/unsubscribe", params(uri), options)
                : Promise.succeeded(new RpcResult(JsonText.EMPTY_OBJECT));
    }

    /** A client went away; where its session had a connection of its own, there is nobody left to tell. */
    void release(String uri, Optional<String> session) {
        Watched watched = watched(uri, session);
        if (left(watched) && watched.session().isEmpty()) {
            CompletionStage<RpcOutcome> told =
                    server.request("resources/unsubscribe", params(uri), ServerLink.ON_ARRIVAL);
            leaving.add(told);
            told.whenComplete((outcome, failure) -> leaving.remove(told));
        }
    }

    /** Nobody waits any longer for what the server was told of clients that went away. */
    void giveUp() {
        leaving.forEach(told -> told.toCompletableFuture().cancel(true));
    }

    /** Whether the last one left. */
    private synchronized boolean left(Watched watched) {
        boolean known = watchers.containsKey(watched);
        return known && watchers.computeIfPresent(watched, (same, count) -> count > 1 ? count - 1 : null) == null;
    }

    private static JsonText params(String uri) {
        return JsonText.object(Map.of("uri", JsonText.quote(uri)));
    }
}
