package io.agenthub.examples.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.hub.CallListener;
import io.agenthub.api.hub.CallOptions;
import io.agenthub.api.hub.McpServer;
import io.agenthub.api.hub.Tool;
import io.agenthub.api.hub.ToolResult;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.server.ServerState;
import io.agenthub.tck.Await;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The official servers, as their authors publish them, through the gateway's socket and through the embedded API. */
@ExtendWith(NeverBlocks.class)
class ReferenceServersTest {
    private static final String UNICODE = "Grüße, 世界 🌍 \u2028 \u0000 \"\\ \n\t end";

    @TempDir
    static Path folder;

    private static RunningGateway gateway;

    @BeforeAll
    static void start() throws IOException {
        Path files = Files.createDirectory(folder.resolve("files")).toRealPath();
        gateway = new RunningGateway(hub -> hub.server(
                        NpmServers.server("everything").build())
                .server(NpmServers.server("filesystem", files.toString()).build())
                .server(NpmServers.server("memory")
                        .setting(
                                "env",
                                Map.of(
                                        "MEMORY_FILE_PATH",
                                        folder.resolve("memory.jsonl").toString()))
                        .build())
                .server(NpmServers.server("sequential-thinking").build()));
    }

    @AfterAll
    static void stop() {
        List<Long> pids = gateway.hub.servers().stream()
                .flatMap(server -> server.status().stats().stream())
                .map(stats -> stats.pid().orElseThrow())
                .toList();
        gateway.close();
        for (long pid : pids) {
            Await.until(
                    "process " + pid + " is gone", () -> ProcessHandle.of(pid).isEmpty());
        }
    }

    private static Set<String> tools(String server) {
        JsonText response = gateway.rpc(server, "1", "tools/list", null);
        return response.at("/result/tools").orElseThrow(() -> new AssertionError(response)).elements().stream()
                .map(tool -> tool.member("name").flatMap(JsonText::string).orElseThrow())
                .collect(Collectors.toSet());
    }

    @Test
    void everyServerShakesHandsAndListsItsTools() {
        assertTrue(tools("everything").containsAll(Set.of("echo", "get-sum", "get-tiny-image")));
        assertTrue(tools("filesystem").containsAll(Set.of("read_text_file", "write_file", "list_directory")));
        assertTrue(tools("memory").containsAll(Set.of("create_entities", "read_graph")));
        assertEquals(Set.of("sequentialthinking"), tools("sequential-thinking"));
        for (String server : List.of("everything", "filesystem", "memory", "sequential-thinking")) {
            JsonText status = gateway.get("/servers/" + server);
            assertEquals(
                    "RUNNING", status.member("state").flatMap(JsonText::string).orElseThrow());
            assertTrue(status.member("serverInfo").isPresent(), status.toString());
        }
    }

    @Test
    void toolsAnswerWhatTheyShould() {
        assertEquals(
                "Echo: hello", RunningGateway.text(gateway.callTool("everything", "echo", Map.of("message", "hello"))));
        String sum = RunningGateway.text(gateway.callTool("everything", "get-sum", Map.of("a", 19, "b", 23)));
        assertTrue(sum.contains("42"), sum);
        JsonText image = gateway.callTool("everything", "get-tiny-image", Map.of());
        assertTrue(
                image.member("content").orElseThrow().elements().stream()
                        .anyMatch(block -> block.member("mimeType")
                                .flatMap(JsonText::string)
                                .filter("image/png"::equals)
                                .isPresent()),
                image.toString());
        JsonText thought = gateway.callTool(
                "sequential-thinking",
                "sequentialthinking",
                Map.of("thought", "one", "nextThoughtNeeded", false, "thoughtNumber", 1, "totalThoughts", 1));
        assertTrue(RunningGateway.text(thought).contains("\"thoughtNumber\": 1"), thought.toString());
    }

    @Test
    void filesAreWrittenAndReadWithUnicode() throws IOException {
        String file =
                folder.resolve("files").toRealPath().resolve("grüße 🌍.txt").toString();
        gateway.callTool("filesystem", "write_file", Map.of("path", file, "content", UNICODE));
        assertEquals(UNICODE, Files.readString(Path.of(file)));
        assertEquals(
                UNICODE, RunningGateway.text(gateway.callTool("filesystem", "read_text_file", Map.of("path", file))));
        JsonText outside = gateway.callTool("filesystem", "read_text_file", Map.of("path", "/etc/hostname"));
        assertEquals("true", outside.member("isError").orElseThrow().toString());
    }

    @Test
    void theGraphRemembersAcrossCalls() {
        gateway.callTool(
                "memory",
                "create_entities",
                Map.of(
                        "entities",
                        List.of(Map.of(
                                "name", "AgentHub",
                                "entityType", "product",
                                "observations", List.of("never leaks a process")))));
        String graph = RunningGateway.text(gateway.callTool("memory", "read_graph", Map.of()));
        assertTrue(graph.contains("never leaks a process"), graph);
    }

    @Test
    void unicodeAndAMegabyteComeBackUnchanged() {
        assertEquals(
                "Echo: " + UNICODE,
                RunningGateway.text(gateway.callTool("everything", "echo", Map.of("message", UNICODE))));
        String megabyte = "0123456789abcdef".repeat(65_536);
        assertEquals(
                "Echo: " + megabyte,
                RunningGateway.text(gateway.callTool("everything", "echo", Map.of("message", megabyte))));
    }

    @Test
    void sixtyFourCallersWithOneIdAllGetTheirOwnAnswers() {
        for (String id : List.of("1", "\"1\"", "9007199254740993")) {
            List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                answers.add(gateway.post(
                        "/mcp/everything/tools/call",
                        "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"tools/call\",\"params\":"
                                + "{\"name\":\"echo\",\"arguments\":{\"message\":\"caller " + i + "\"}}}"));
            }
            for (int i = 0; i < 64; i++) {
                JsonText answer = JsonText.of(Await.value(answers.get(i)).body());
                assertEquals(id, answer.member("id").orElseThrow().toString());
                assertEquals(
                        "Echo: caller " + i,
                        RunningGateway.text(answer.member("result").orElseThrow()));
            }
        }
    }

    @Test
    void anErrorOfTheServerIsRelayedUnchanged() {
        JsonText answer = gateway.rpc("everything", "\"e\"", "resources/read", Map.of("uri", "no://such/thing"));
        JsonText error = answer.member("error").orElseThrow(() -> new AssertionError(answer));
        McpServer embedded = gateway.hub.server("everything");
        JsonText direct = ((io.agenthub.api.rpc.RpcError) Await.value(embedded.request(
                        "resources/read", JsonText.ofValue(Map.of("uri", "no://such/thing")), CallOptions.DEFAULT)))
                .json();
        assertEquals(direct, error);
        assertEquals("\"e\"", answer.member("id").orElseThrow().toString());
    }

    @Test
    void theEmbeddedApiDoesTheSame() {
        McpServer everything = gateway.hub.server("everything");
        List<Tool> tools = Await.value(everything.listTools());
        assertTrue(tools.stream()
                .anyMatch(tool -> tool.name().equals("echo")
                        && tool.description().isPresent()
                        && tool.inputSchema().member("properties").isPresent()));
        ToolResult result = Await.value(everything.callTool("echo", Map.of("message", UNICODE)));
        assertEquals("Echo: " + UNICODE, result.text());
        assertFalse(result.isError());
        assertEquals(ServerState.RUNNING, everything.status().state());
        assertEquals("2025-11-25", everything.status().info().orElseThrow().protocolVersion());
    }

    @Test
    void progressOfALongOperationIsHeardInOrder() {
        List<String> heard = new CopyOnWriteArrayList<>();
        CallListener listener = new CallListener() {
            @Override
            public void notified(RpcNotification notification) {
                heard.add(
                        notification.params() == null
                                ? ""
                                : notification
                                        .params()
                                        .member("progress")
                                        .map(JsonText::toString)
                                        .orElse(""));
            }
        };
        ToolResult result = Await.value(gateway.hub
                .server("everything")
                .callTool(
                        "trigger-long-running-operation",
                        Map.of("duration", 0.4, "steps", 4),
                        CallOptions.DEFAULT.withListener(listener)));
        assertFalse(result.isError());
        assertEquals(List.of("1", "2", "3", "4"), heard);
    }
}
