package io.agenthub.examples.quickstart;

import io.agenthub.api.hub.Hub;
import io.agenthub.api.hub.McpServer;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.core.AgentHub;
import java.util.Map;

/** Starts the MCP server given as the command line, lists its tools and calls {@code echo}. */
public final class Quickstart {
    private Quickstart() {}

    public static void main(String[] command) {
        ServerSpec spec = ServerSpec.stdio("demo", command).build();
        try (Hub hub = AgentHub.builder().server(spec).build()) {
            hub.start();
            McpServer demo = hub.server("demo");
            demo.listTools()
                    .thenAccept(tools -> tools.forEach(tool -> System.out.println(tool.name())))
                    .thenCompose(listed -> demo.callTool("echo", Map.of("message", "hello")))
                    .thenAccept(result -> System.out.println(result.text()))
                    .toCompletableFuture()
                    .join();
        }
    }
}
