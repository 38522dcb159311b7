package io.agenthub.gateway;

import io.agenthub.api.Promise;
import io.agenthub.api.breaker.Breaker;
import io.agenthub.api.hub.CallOptions;
import io.agenthub.api.hub.McpServer;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.server.ServerStatus;
import io.agenthub.api.server.UnknownServerException;
import java.util.Collection;
import java.util.concurrent.CompletionStage;

/** What a hub hands out for a name it does not know. */
record UnknownServer(String name, Collection<String> known) implements McpServer {
    private UnknownServerException failure() {
        return new UnknownServerException(name, known);
    }

    @Override
    public CompletionStage<RpcOutcome> request(String method, JsonText params, CallOptions options) {
        return Promise.failed(failure());
    }

    @Override
    public CompletionStage<Void> notify(String method, JsonText params) {
        return Promise.failed(failure());
    }

    @Override
    public ServerStatus status() {
        throw failure();
    }

    @Override
    public CompletionStage<ServerStatus> start() {
        return Promise.failed(failure());
    }

    @Override
    public CompletionStage<ServerStatus> stop() {
        return Promise.failed(failure());
    }

    @Override
    public CompletionStage<ServerStatus> restart() {
        return Promise.failed(failure());
    }

    @Override
    public Breaker breaker() {
        throw failure();
    }
}
