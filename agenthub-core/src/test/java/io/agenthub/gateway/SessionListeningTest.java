package io.agenthub.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.agenthub.api.Promise;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.gateway.McpClient.Answer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What clients of the revisions with sessions hear beside their calls. */
class SessionListeningTest extends SessionFaceHarness {
    // ---- Listening.
    @Test
    void announcementsComeToWhoListens() {
        McpClient client = session();
        Answer listening = client.send("GET", null);
        listening.next();
        harness.hub.announce("two", "notifications/tools/list_changed", "{}");
        harness.hub.announce("one", "notifications/tools/list_changed", "{}");

        assertEquals(
                "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\",\"params\":{}}",
                listening.next().data().toString());
        listening.close();
    }

    @Test
    void whatIsAnnouncedWhileNobodyListensComesLater() {
        McpClient client = session();
        harness.hub.announce("one", "notifications/prompts/list_changed", "{}");
        Answer listening = client.send("GET", null);
        listening.next();

        assertEquals("notifications/prompts/list_changed", listening.next().method());
        listening.close();
    }

    @Test
    void aSessionIsListenedToOnce() {
        McpClient client = session();
        Answer listening = client.send("GET", null);

        assertEquals(409, client.send("GET", null).status());
        listening.close();
    }

    @Test
    void aListenerMustTakeEvents() {
        assertEquals(
                406,
                session().with("accept", "application/json").send("GET", null).status());
    }

    @Test
    void updatesOfAResourceComeOnlyToThoseWhoSubscribed() {
        McpClient watching = session();
        McpClient other = session();
        assertEquals(
                "{\"method\":\"resources/subscribe\",\"params\":{\"uri\":\"a\"}}",
                watching.call("1", "resources/subscribe", "{\"uri\":\"a\"}").at("/result"));
        other.call("1", "resources/subscribe", "{\"uri\":\"b\"}").body();
        Answer first = watching.send("GET", null);
        Answer second = other.send("GET", null);
        harness.hub.announce("one", "notifications/resources/updated", "{\"uri\":\"a\"}");
        harness.hub.announce("one", "notifications/resources/updated", "{\"uri\":\"b\"}");
        first.next();
        second.next();

        assertEquals(
                "{\"uri\":\"a\"}",
                first.next().data().member("params").orElseThrow().toString());
        assertEquals(
                "{\"uri\":\"b\"}",
                second.next().data().member("params").orElseThrow().toString());
        first.close();
        second.close();
    }

    @Test
    void aServerIsAskedOnceHoweverManySubscribe() {
        McpClient first = session();
        McpClient second = session();
        first.call("1", "resources/subscribe", "{\"uri\":\"a\"}").body();
        second.call("1", "resources/subscribe", "{\"uri\":\"a\"}").body();
        first.call("2", "resources/unsubscribe", "{\"uri\":\"a\"}").body();
        assertEquals(
                List.of("resources/subscribe"),
                harness.one.sent.stream().map(FakeServer.Sent::method).toList());
        second.send("DELETE", null).body();

        assertEquals(
                List.of("resources/subscribe", "resources/unsubscribe"),
                harness.one.sent.stream().map(FakeServer.Sent::method).toList());
    }

    // ---- Batches, of one revision only.
    @Test
    void clientsOf20250326MayBatch() {
        McpClient client = client();
        client.initialize("2025-03-26", "{}");
        Answer answer = client.post("[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"},"
                + "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"},"
                + "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/list\"}]");

        assertEquals(
                List.of("1", "2"),
                answer.rest().stream()
                        .map(event -> event.data().member("id").orElseThrow().toString())
                        .sorted()
                        .toList());
    }

    @Test
    void aBatchOfNotificationsIsAccepted() {
        McpClient client = client();
        client.initialize("2025-03-26", "{}");

        assertEquals(
                202,
                client.post("[{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}]")
                        .status());
    }

    // ---- What only stateless servers say.
    @Test
    void resultsOfStatelessServersLoseWhatClientsWithSessionsDoNotKnow() {
        harness.one.result("{\"tools\":[],\"resultType\":\"complete\",\"ttlMs\":5,\"cacheScope\":\"public\","
                + "\"_meta\":{\"io.modelcontextprotocol/serverInfo\":{},\"x\":1}}");

        assertEquals(
                "{\"tools\":[],\"_meta\":{\"x\":1}}",
                session().call("1", "tools/list", "{}").at("/result"));
    }

    @ParameterizedTest
    @CsvSource({"-32021, -32603", "-32022, -32603", "-32602, -32602", "-32002, -32002", "-1, -1"})
    void errorsThatOnlyStatelessServersKnowBecomeInternalErrors(int said, String heard) {
        harness.one.answer = sent -> Promise.succeeded(RpcError.of(said, "no", null));

        assertEquals(heard, session().call("1", "tools/list", "{}").at("/error/code"));
    }

    @Test
    void theGatewayEndsWhatIsListenedToWhenItCloses() {
        McpClient client = session();
        Answer listening = client.send("GET", null);
        listening.next();
        harness.gateway.closeAsync();

        assertNull(listening.next());
    }
}
