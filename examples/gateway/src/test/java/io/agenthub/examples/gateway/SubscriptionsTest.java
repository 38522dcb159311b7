package io.agenthub.examples.gateway;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.hub.CallOptions;
import io.agenthub.api.hub.HubListener;
import io.agenthub.api.hub.McpServer;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.rpc.RpcResult;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.tck.Await;
import io.agenthub.tck.everything.EverythingServer;
import io.modelcontextprotocol.spec.McpSchema;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
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
            Await.until("another process runs", () -> server.status().stats().isPresent() && pid(server) != before);
            server.breaker().reset();
            isHeard(server, session);
        }
    }

    private static long pid(McpServer server) {
        return server.status().stats().orElseThrow().pid().orElseThrow();
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
