package io.agenthub.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.Promise;
import io.agenthub.api.hub.CallListener;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.rpc.RpcResult;
import io.agenthub.gateway.McpClient.Answer;
import io.agenthub.gateway.McpClient.Event;
import io.agenthub.tck.Await;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stateless clients hear while a call goes on, and on a subscription. */
class StatelessStreamsTest {
    private final GatewayHarness harness = GatewayHarness.open();
    private final StatelessClient client = new StatelessClient(harness, "/mcp/one");

    @AfterEach
    void close() {
        harness.close();
    }

    private static RpcNotification progress(int value) {
        return new RpcNotification("notifications/progress", JsonText.of("{\"progress\":" + value + "}"));
    }

    private static RpcNotification log(String level) {
        return new RpcNotification("notifications/message", JsonText.of("{\"level\":\"" + level + "\",\"data\":1}"));
    }

    private List<String> methods() {
        return harness.one.sent.stream().map(FakeServer.Sent::method).toList();
    }

    // ---- During a call.

    @Test
    void progressComesBeforeTheResponseOnItsStreamWithoutEventIds() {
        harness.one.answer = sent -> {
            CallListener listener = sent.options().listener().orElseThrow();
            listener.notified(progress(1));
            listener.notified(log("error"));
            listener.notified(progress(2));
            return Promise.succeeded(new RpcResult(JsonText.of("{\"a\":1}")));
        };
        List<Event> events = client.meta("progressToken", "9")
                .call("completion/complete", "{}")
                .rest();

        assertEquals(3, events.size());
        assertEquals(
                "{\"progress\":1,\"progressToken\":9}",
                events.get(0).data().member("params").orElseThrow().toString());
        assertEquals("1", events.get(2).data().member("id").orElseThrow().toString());
        assertTrue(events.stream().allMatch(event -> event.id().isEmpty()));
    }

    @Test
    void logMessagesComeOnlyToThoseWhoAskAndOnlyIfSevereEnough() {
        harness.one.answer = sent -> {
            sent.options().listener().ifPresent(listener -> {
                listener.notified(log("info"));
                listener.notified(log("error"));
            });
            return Promise.succeeded(new RpcResult(JsonText.EMPTY_OBJECT));
        };

        assertFalse(client.call("completion/complete", "{}").isStream());
        List<Event> events = client.meta("io.modelcontextprotocol/logLevel", "\"warning\"")
                .call("completion/complete", "{}")
                .rest();
        assertEquals(2, events.size());
        assertTrue(events.get(0).data().toString().contains("error"));
    }

    @Test
    void aClientThatGoesAwayHasCancelled() {
        harness.one.hang();
        Function<FakeServer.Sent, CompletionStage<RpcOutcome>> hang = harness.one.answer;
        harness.one.answer = sent -> {
            sent.options().listener().ifPresent(listener -> listener.notified(progress(1)));
            return hang.apply(sent);
        };
        Answer answer = client.meta("progressToken", "1").call("completion/complete", "{}");
        answer.next();
        answer.close();

        Await.until("the call is cancelled", () -> harness.one.cancelled.get() == 1);
    }

    // ---- Subscriptions.

    @Test
    void aSubscriptionIsAcknowledgedAndHearsWhatItAskedFor() {
        harness.one.capabilities =
                JsonText.of("{\"tools\":{\"listChanged\":true},\"prompts\":{},\"resources\":{\"subscribe\":true}}");
        Answer answer = client.call(
                "subscriptions/listen",
                "{\"notifications\":{\"toolsListChanged\":true,\"promptsListChanged\":true,\"resourceSubscriptions\":[\"a\"]}}");
        Event acknowledged = answer.next();
        assertEquals("notifications/subscriptions/acknowledged", acknowledged.method());
        assertEquals(
                "{\"toolsListChanged\":true,\"resourceSubscriptions\":[\"a\"]}",
                acknowledged.data().at("/params/notifications").orElseThrow().toString());
        assertEquals(List.of("resources/subscribe"), methods());
        harness.hub.announce("one", "notifications/prompts/list_changed", "{}");
        harness.hub.announce("two", "notifications/tools/list_changed", "{}");
        harness.hub.announce("one", "notifications/message", "{\"level\":\"error\"}");
        harness.hub.announce("one", "notifications/resources/updated", "{\"uri\":\"b\"}");
        harness.hub.announce("one", "notifications/tools/list_changed", "{}");
        harness.hub.announce("one", "notifications/resources/updated", "{\"uri\":\"a\"}");

        assertEquals(
                "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\",\"params\":"
                        + "{\"_meta\":{\"io.modelcontextprotocol/subscriptionId\":1}}}",
                answer.next().data().toString());
        assertEquals("notifications/resources/updated", answer.next().method());
        answer.close();
        Await.until("nobody watches any more", () -> methods().contains("resources/unsubscribe"));
    }

    @Test
    void aSubscriptionEndsWithItsResultWhenTheGatewayCloses() {
        Answer answer = client.call("subscriptions/listen", "{\"notifications\":{}}");
        answer.next();
        harness.gateway.closeAsync();
        List<Event> rest = answer.rest();

        assertEquals(
                "{\"resultType\":\"complete\",\"_meta\":{\"io.modelcontextprotocol/subscriptionId\":1}}",
                rest.get(0).data().member("result").orElseThrow().toString());
        assertEquals(1, rest.size());
    }

    @Test
    void aSubscriptionToAServerWhoseCapabilitiesCannotBeReadIsAnError() {
        harness.one.capabilities = JsonText.of("{\"tools\":{\"listChanged\":true,\"listChanged\":false}}");
        Answer answer = client.call("subscriptions/listen", "{\"notifications\":{\"toolsListChanged\":true}}");

        assertTrue(answer.at("/error/message").contains("listChanged"), answer.body());
    }

    @Test
    void aSubscriptionThatSaysTwiceWhatItWantsIsRefused() {
        Answer answer = client.call(
                "subscriptions/listen", "{\"notifications\":{\"toolsListChanged\":true,\"toolsListChanged\":false}}");

        assertTrue(answer.at("/error/message").contains("toolsListChanged"), answer.body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"notifications\":7}", "{\"notifications\":{\"resourceSubscriptions\":[7]}}"})
    void aSubscriptionThatSaysNotWhatItWantsIsRefused(String params) {
        Answer answer = client.call("subscriptions/listen", params);

        assertEquals(400, answer.status());
        assertEquals("-32602", answer.at("/error/code"));
    }
}
