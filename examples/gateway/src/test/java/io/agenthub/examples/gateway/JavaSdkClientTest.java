package io.agenthub.examples.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.tck.Await;
import io.agenthub.tck.everything.EverythingServer;
import io.modelcontextprotocol.spec.McpSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The official Java SDK's client, through the gateway, to a server of each era and to the reference project's own. */
class JavaSdkClientTest {

    /** A server, and which of its tools does what. */
    enum Server {
        LEGACY,
        DUAL,
        MODERN,
        EVERYTHING;

        String id() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }

        boolean isFixture() {
            return this != EVERYTHING;
        }

        ServerSpec spec() {
            return isFixture()
                    ? ServerSpec.stdio(id(), EverythingServer.command("--" + id(), "--journal=" + journal()))
                            .build()
                    : NpmServers.server(id()).build();
        }

        Path journal() {
            return folder.resolve(id());
        }

        McpSchema.CallToolRequest text() {
            return isFixture() ? call("test_simple_text", Map.of()) : call("echo", Map.of("message", "hello"));
        }

        String said() {
            return isFixture() ? "This is a simple text response for testing." : "Echo: hello";
        }

        McpSchema.CallToolRequest elicitation() {
            return isFixture()
                    ? call("test_elicitation", Map.of("message", "What is the answer?"))
                    : call("trigger-elicitation-request", Map.of());
        }

        McpSchema.CallToolRequest sampling() {
            return isFixture()
                    ? call("test_sampling", Map.of("prompt", "What is the answer?"))
                    : call("trigger-sampling-request", Map.of("prompt", "What is the answer?", "maxTokens", 10));
        }

        McpSchema.CallToolRequest progress() {
            return isFixture()
                    ? call("test_tool_with_progress", Map.of())
                    : call("trigger-long-running-operation", Map.of("duration", 0.3, "steps", 3));
        }

        List<Double> reports() {
            return isFixture() ? List.of(0.0, 50.0, 100.0) : List.of(1.0, 2.0, 3.0);
        }

        McpSchema.CallToolRequest endless() {
            return isFixture()
                    ? call("test_cancellation", Map.of())
                    : call("trigger-long-running-operation", Map.of("duration", 30, "steps", 60));
        }

        private static McpSchema.CallToolRequest call(String tool, Map<String, Object> arguments) {
            return McpSchema.CallToolRequest.builder(tool)
                    .arguments(arguments)
                    .progressToken("token of " + tool)
                    .build();
        }
    }

    @TempDir
    static Path folder;

    private static RunningGateway gateway;

    @BeforeAll
    static void start() {
        gateway = new RunningGateway(hub -> {
            for (Server server : Server.values()) {
                hub.server(server.spec());
            }
            return hub;
        });
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static SdkClient client(Server server) {
        return new SdkClient(gateway.address, "/mcp/" + server.id());
    }

    @ParameterizedTest
    @EnumSource
    void listsAndCalls(Server server) {
        try (SdkClient client = client(server)) {
            assertEquals(
                    "2025-11-25", client.mcp.getCurrentInitializationResult().protocolVersion());
            Set<String> tools = new HashSet<>();
            client.mcp.listTools().tools().forEach(tool -> tools.add(tool.name()));
            assertTrue(tools.contains(server.text().name()), tools.toString());
            assertFalse(client.mcp.listResources().resources().isEmpty());
            assertFalse(client.mcp.listPrompts().prompts().isEmpty());
            assertEquals(server.said(), SdkClient.text(client.mcp.callTool(server.text())));
        }
    }

    @ParameterizedTest
    @EnumSource
    void isElicitedAndSampled(Server server) {
        try (SdkClient client = client(server)) {
            String filled = SdkClient.text(client.mcp.callTool(server.elicitation()));
            assertTrue(filled.contains(SdkClient.ANSWER), filled);
            assertEquals(1, client.elicited.size());

            String sampled = SdkClient.text(client.mcp.callTool(server.sampling()));
            assertTrue(sampled.contains(SdkClient.ANSWER), sampled);
            assertEquals(1, client.sampled.size());
        }
    }

    @Test
    void isServedByAllServersAtOneEndpoint() {
        try (SdkClient client = new SdkClient(gateway.address, "/mcp")) {
            Set<String> tools = new HashSet<>();
            client.mcp.listTools().tools().forEach(tool -> tools.add(tool.name()));
            for (Server server : Server.values()) {
                String prefix = server.id() + "__";
                assertTrue(tools.contains(prefix + server.text().name()), tools.toString());
                String filled = SdkClient.text(client.mcp.callTool(McpSchema.CallToolRequest.builder(
                                prefix + server.elicitation().name())
                        .arguments(server.elicitation().arguments())
                        .build()));
                assertTrue(filled.contains(SdkClient.ANSWER), filled);
            }
            assertEquals(Server.values().length, client.elicited.size());
        }
    }

    @ParameterizedTest
    @EnumSource
    void hearsOfProgressUnderItsOwnToken(Server server) {
        try (SdkClient client = client(server)) {
            McpSchema.CallToolRequest call = server.progress();
            client.mcp.callTool(call);
            assertEquals(
                    server.reports(),
                    client.progress.stream()
                            .map(report -> ((Number) report.get("progress")).doubleValue())
                            .toList());
            client.progress.forEach(report -> assertEquals("token of " + call.name(), report.get("progressToken")));
            Await.until(
                    "its user is told of all",
                    () -> client.told.size() == server.reports().size());
        }
    }

    @ParameterizedTest
    @EnumSource
    void cancelsACallAndGoesOn(Server server) {
        try (SdkClient client = client(server)) {
            // Not on the common pool: with two cores that is a single thread, which the client's own continuations
            // need.
            CompletableFuture<McpSchema.CallToolResult> call = CompletableFuture.supplyAsync(
                    () -> client.mcp.callTool(server.endless()), task -> new Thread(task, "endless call").start());
            Await.until("the call runs", () -> !client.progress.isEmpty() && inFlight(server) > 0);
            client.cancelLastCall();
            Await.until("the server heard of it", () -> isCancelled(server));
            assertEquals(server.said(), SdkClient.text(client.mcp.callTool(server.text())));
            assertFalse(call.isDone() && !call.isCompletedExceptionally(), "a cancelled call was answered");
        }
    }

    /** The fixtures write down what they hear; of the other server it is known only that nothing waits for it any more. */
    private static boolean isCancelled(Server server) {
        try {
            return server.isFixture()
                    ? Files.readString(server.journal()).contains(" cancelled test_cancellation")
                    : inFlight(server) == 0;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static int inFlight(Server server) {
        JsonText servers = gateway.get("/monitor").member("servers").orElseThrow();
        return servers.elements().stream()
                .filter(one -> one.member("name")
                        .flatMap(JsonText::string)
                        .filter(server.id()::equals)
                        .isPresent())
                .map(one -> one.member("inFlight").orElseThrow().toString())
                .mapToInt(Integer::parseInt)
                .sum();
    }
}
