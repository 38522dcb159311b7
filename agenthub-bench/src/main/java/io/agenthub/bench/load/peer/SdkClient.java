package io.agenthub.bench.load.peer;

import io.modelcontextprotocol.client.McpAsyncClient;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.transport.ServerParameters;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.spec.McpClientTransport;
import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;

/** Starts children under the official SDK's asynchronous client. */
final class SdkClient {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private SdkClient() {}

    /** Starts a child and shakes hands with it. Blocks. */
    static McpAsyncClient connect(
            List<String> command, BiFunction<ServerParameters, McpJsonMapper, McpClientTransport> transport) {
        ServerParameters parameters = new ServerParameters.Builder(command.get(0))
                .args(command.subList(1, command.size()))
                .build();
        McpAsyncClient client = McpClient.async(transport.apply(parameters, McpJsonDefaults.getMapper()))
                .requestTimeout(TIMEOUT)
                .build();
        client.initialize().block();
        return client;
    }
}
