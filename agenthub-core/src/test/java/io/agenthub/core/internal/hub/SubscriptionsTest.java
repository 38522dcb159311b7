package io.agenthub.core.internal.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;

import io.agenthub.api.breaker.BreakerState;
import io.agenthub.api.bridge.BridgeExit;
import io.agenthub.api.hub.CallOptions;
import io.agenthub.api.hub.Hub;
import io.agenthub.api.hub.HubConfig;
import io.agenthub.api.hub.McpServer;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.tck.FakeBridge;
import io.agenthub.tck.FakeScript;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Subscriptions of those who use the hub, over the lives of a server. */
class SubscriptionsTest {
    private final HubHarness harness = new HubHarness();
    private final Hub hub = hub();
    private final McpServer server = hub.server("news");

    private Hub hub() {
        harness.with(HubHarness.server("news").build());
        harness.connector("news").preparing(bridge -> bridge.otherwise(FakeScript.answer("{}")));
        return harness.started();
    }

    private RpcOutcome request(String method, String uri) {
        return harness.now(server.request(method, JsonText.of("{\"uri\":\"" + uri + "\"}"), CallOptions.DEFAULT));
    }

    /** What the present process was asked to watch. */
    private Set<String> watched() {
        return harness.bridge("news").calls("resources/subscribe").stream()
                .map(call -> call.params().member("uri").orElseThrow().toString())
                .collect(Collectors.toSet());
    }

    private void dies() {
        FakeBridge before = harness.bridge("news");
        before.exit(BridgeExit.ofProcess(BridgeExit.Cause.EXITED, 1, ""));
        harness.time.advance(Duration.ofSeconds(5));
        assertNotSame(before, harness.bridge("news"));
    }

    @Test
    void aProcessThatTakesThePlaceOfAnotherIsAskedForTheSameSubscriptions() {
        request("resources/subscribe", "a:1");
        request("resources/subscribe", "a:2");
        request("resources/subscribe", "a:3");
        request("resources/unsubscribe", "a:2");
        dies();
        assertEquals(Set.of("\"a:1\"", "\"a:3\""), watched());
        dies();
        assertEquals(Set.of("\"a:1\"", "\"a:3\""), watched());
    }

    @Test
    void aSubscriptionThatTheServerRefusedIsNotAskedForAgain() {
        request("resources/subscribe", "a:1");
        harness.bridge("news").on("resources/subscribe", FakeScript.error(-32602, "no such resource"));
        request("resources/subscribe", "a:2");
        dies();
        assertEquals(Set.of("\"a:1\""), watched());
    }

    @Test
    void aBreakerThatTheProcessBeforeOpenedIsNoHindrance() {
        request("resources/subscribe", "a:1");
        for (int i = 0; i < 3; i++) {
            harness.bridge("news").on("tools/call", call -> {});
            server.request("tools/call", null, CallOptions.DEFAULT);
            harness.time.runDue();
            dies();
        }
        assertEquals(BreakerState.OPEN, server.breaker().status().state());
        assertEquals(Set.of("\"a:1\""), watched());
    }

    @Test
    void aServerWithAnotherConfigurationIsAskedForTheSameSubscriptions() {
        request("resources/subscribe", "a:1");
        ServerSpec changed =
                HubHarness.server("news").callTimeout(Duration.ofSeconds(7)).build();
        harness.now(hub.apply(HubConfig.builder().server(changed).build()));
        harness.now(server.start());
        assertEquals(Set.of("\"a:1\""), watched());
    }
}
