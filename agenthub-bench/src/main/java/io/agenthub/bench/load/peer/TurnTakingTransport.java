package io.agenthub.bench.load.peer;

import io.modelcontextprotocol.client.transport.ServerParameters;
import io.modelcontextprotocol.client.transport.StdioClientTransport;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.spec.McpSchema;
import reactor.core.publisher.Mono;

/**
 * The official SDK's transport for many threads, which wait for each other. Its own senders spin instead, for up to 100 ms, and
 * then fail the call with "Failed to enqueue message": on one processor they spin in the way of the thread that they wait for.
 */
final class TurnTakingTransport extends StdioClientTransport {
    TurnTakingTransport(ServerParameters parameters, McpJsonMapper json) {
        super(parameters, json);
    }

    @Override
    public synchronized Mono<Void> sendMessage(McpSchema.JSONRPCMessage message) {
        return super.sendMessage(message);
    }
}
