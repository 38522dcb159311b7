package io.agenthub.examples.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.bridge.BridgeStats;
import io.agenthub.api.hub.CallOptions;
import io.agenthub.api.hub.HubListener;
import io.agenthub.api.hub.McpServer;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.rpc.RpcResult;
import io.agenthub.api.server.ProcessPolicy;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.tck.Await;
import io.agenthub.tck.everything.EverythingServer;
import io.modelcontextprotocol.spec.McpSchema;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever watches a resource goes on hearing of it when the server's process was killed and another took its place. */
class SubscriptionsTest {
    private static final String URI = "test://watched-resource";

    private final List<String> heard = new CopyOnWriteArrayList<>();

    @ParameterizedTest
    @ValueSource(strings = {"--legacy", "--modern"})
    void outliveTheProcessOfTheServer(String era) {
        ServerSpec spec =
                ServerSpec.stdio("news", EverythingServer.command(era)).build();
        try (RunningGateway gateway = new RunningGateway(hub -> hub.server(spec));
                SdkClient session = new SdkClient(gateway.address, "/mcp/news")) {
            gateway.hub.listen(new HubListener() {
                @Override
                public void notified(String server, RpcNotification notification) {
                    heard.add(notification.method());
                }
            });
            McpServer server = gateway.hub.server("news");
            JsonText watched = JsonText.ofValue(Map.of("uri", URI));
            assertTrue(
                    Await.value(server.request("resources/subscribe", watched, CallOptions.DEFAULT))
                            instanceof RpcResult);
            session.mcp.subscribeResource(
                    McpSchema.SubscribeRequest.builder(URI).build());
            isHeard(server, session);

            long before = pid(server);
            ProcessHandle.of(before).orElseThrow().destroyForcibly();
            Await.until("another process runs", () -> pidNow(server).orElse(before) != before);
            server.breaker().reset();
            isHeard(server, session);
        }
    }

    @Test
    void belongToTheSessionWhereEachHasAProcessOfItsOwn() {
        ServerSpec spec = ServerSpec.stdio("news", EverythingServer.command("--legacy"))
                .process(new ProcessPolicy(ProcessPolicy.Mode.SESSION, 4))
                .build();
        try (RunningGateway gateway = new RunningGateway(hub -> hub.server(spec));
                SdkClient first = new SdkClient(gateway.address, "/mcp/news");
                SdkClient second = new SdkClient(gateway.address, "/mcp/news")) {
            first.mcp.subscribeResource(McpSchema.SubscribeRequest.builder(URI).build());
            Set<Long> before = children();
            second.mcp.subscribeResource(McpSchema.SubscribeRequest.builder(URI).build());
            Set<Long> others = children();
            others.removeAll(before);
            hearsOfItsOwn(first);
            hearsOfItsOwn(second);

            assertEquals(1, others.size(), "the second session has a process");
            others.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
            Await.until("it is gone", () -> children().stream().noneMatch(others::contains));
            hearsOfItsOwn(second);
            hearsOfItsOwn(first);

            second.mcp.unsubscribeResource(
                    McpSchema.UnsubscribeRequest.builder(URI).build());
            hearsOfItsOwn(first);
        }
    }

    private static Set<Long> children() {
        return ProcessHandle.current()
                .descendants()
                .filter(process -> process.info()
                        .arguments()
                        .filter(line -> List.of(line).contains("--legacy"))
                        .isPresent())
                .map(ProcessHandle::pid)
                .collect(Collectors.toSet());
    }

    private static void trigger(SdkClient session) {
        session.mcp.callTool(McpSchema.CallToolRequest.builder("test_trigger_resource_update")
                .build());
    }

    /** The server process of the session announces new contents, until the session has heard of it. */
    private static void hearsOfItsOwn(SdkClient session) {
        session.updated.clear();
        Await.until("the update is heard", () -> {
            try {
                trigger(session);
            } catch (RuntimeException ended) {
                // The process that was killed may have been asked.
            }
            return session.updated.contains(URI);
        });
    }

    private static long pid(McpServer server) {
        return pidNow(server).orElseThrow();
    }

    private static OptionalLong pidNow(McpServer server) {
        return server.status().stats().map(BridgeStats::pid).orElse(OptionalLong.empty());
    }

    /** The server announces new contents until both have heard of it: it may be asked for that before it was subscribed to. */
    private void isHeard(McpServer server, SdkClient session) {
        heard.clear();
        session.updated.clear();
        Await.until("the update is heard", () -> {
            Await.value(server.callTool("test_trigger_resource_update", Map.of()));
            return heard.contains("notifications/resources/updated") && session.updated.contains(URI);
        });
    }
}
