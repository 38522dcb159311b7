package io.agenthub.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.hub.CallArrival;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.server.ServerState;
import io.agenthub.gateway.McpClient.Answer;
import io.agenthub.gateway.McpClient.Event;
import io.agenthub.gateway.internal.http.RawClient;
import io.agenthub.gateway.internal.http.RawClient.Reply;
import io.agenthub.tck.Await;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls that are still under way when the time to drain is over: each is answered in its own form, and withdrawn from its server. */
class CallsCutShortTest {
    private static final String TOOL = "{\"name\":\"x\"}";

    private final GatewayHarness harness = GatewayHarness.open(config -> config.drainTimeout(Duration.ofMillis(50)));

    @AfterEach
    void close() {
        harness.close();
    }

    /** From now on the first server answers nothing. */
    private void hang(boolean dispatched) {
        harness.one.hang();
        Function<FakeServer.Sent, CompletionStage<RpcOutcome>> hang = harness.one.answer;
        harness.one.answer = sent -> {
            if (dispatched) {
                sent.options().arrival().ifPresent(CallArrival::dispatched);
            }
            return hang.apply(sent);
        };
    }

    /** From now on a message comes before the answer that never comes, so that a stream is opened. */
    private void hangStreaming() {
        hang(true);
        Function<FakeServer.Sent, CompletionStage<RpcOutcome>> hang = harness.one.answer;
        harness.one.answer = sent -> {
            sent.options()
                    .listener()
                    .ifPresent(listener -> listener.notified(new RpcNotification(
                            "notifications/progress", JsonText.of("{\"progressToken\":1,\"progress\":1}"))));
            return hang.apply(sent);
        };
    }

    private McpClient session(String path) {
        McpClient client = new McpClient(harness, path);
        assertEquals(200, client.initialize("2025-11-25", "{}").status());
        return client;
    }

    /** Asks, closes the gateway once that many requests hang at the servers, and answers with what the client got. */
    private JsonText closedMeanwhile(Supplier<Answer> asking, int requests) {
        CompletableFuture<String> body =
                CompletableFuture.supplyAsync(() -> asking.get().body());
        Await.until("it is asked", () -> harness.one.hanging.size() + harness.two.hanging.size() == requests);
        Await.value(harness.gateway.closeAsync());
        assertWithdrawn(requests);
        return JsonText.of(Await.value(body));
    }

    private void assertWithdrawn(int requests) {
        Await.until("all is withdrawn", () -> harness.one.cancelled.get() + harness.two.cancelled.get() == requests);
    }

    private static void assertCutShort(String id, boolean dispatched, JsonText answer) {
        assertEquals(id, answer.member("id").map(JsonText::toString).orElse("none"), answer.toString());
        assertData("/error/data", dispatched, answer);
    }

    private static void assertData(String pointer, boolean dispatched, JsonText answer) {
        JsonText data = answer.at(pointer).orElseThrow(() -> new AssertionError(answer));
        assertEquals("\"SHUTTING_DOWN\"", data.member("kind").orElseThrow().toString());
        assertEquals(
                Boolean.toString(dispatched),
                data.member("dispatched").map(JsonText::toString).orElse("none"),
                answer.toString());
        assertEquals(
                Boolean.toString(!dispatched),
                data.member("retryable").map(JsonText::toString).orElse("none"),
                answer.toString());
    }

    // ---- Plain calls.

    private Reply plain(String body) {
        RawClient client = harness.client().post("/mcp/one/tools/call", body);
        Await.until("it is asked", () -> harness.one.hanging.size() == 1);
        CompletionStage<Void> closed = harness.gateway.closeAsync();
        Reply reply = client.reply();
        assertEquals("", client.rest());
        Await.value(closed);
        assertWithdrawn(1);
        return reply;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aPlainCallIsAnsweredWithItsIdAndWhetherItMayHaveRun(boolean dispatched) {
        hang(dispatched);
        Reply reply = plain("{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"params\":" + TOOL + "}");

        assertEquals(503, reply.status());
        assertEquals("close", reply.header("connection"));
        assertCutShort("\"a\"", dispatched, JsonText.of(reply.body()));
        assertEquals(
                "\"one\"",
                JsonText.of(reply.body()).at("/error/data/server").orElseThrow().toString());
    }

    @Test
    void aCallOfBareParametersIsAnsweredInItsOwnForm() {
        hang(true);
        Reply reply = plain(TOOL);

        assertEquals(503, reply.status());
        assertTrue(reply.body().startsWith("{\"error\":{\"kind\":\"SHUTTING_DOWN\""), reply.body());
        assertData("/error", true, JsonText.of(reply.body()));
    }

    // ---- Calls of sessions.

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCallOfASessionIsAnsweredWithItsIdAndWhetherItMayHaveRun(boolean dispatched) {
        McpClient client = session("/mcp/one");
        hang(dispatched);

        assertCutShort("7", dispatched, closedMeanwhile(() -> client.call("7", "tools/call", TOOL), 1));
    }

    @Test
    void theStreamOfACallEndsInOrderWithItsError() {
        McpClient client = session("/mcp/one");
        hangStreaming();
        Answer answer = client.call("7", "tools/call", "{\"name\":\"x\",\"_meta\":{\"progressToken\":1}}");
        answer.next();
        assertEquals("notifications/progress", answer.next().method());
        Await.value(harness.gateway.closeAsync());
        List<Event> rest = answer.rest();

        assertEquals(1, rest.size());
        assertCutShort("7", true, rest.get(0).data());
        assertWithdrawn(1);
    }

    @Test
    void aCallWhoseClientMayComeBackIsWithdrawn() {
        McpClient client = session("/mcp/one");
        hangStreaming();
        Answer gone = client.call("7", "tools/call", "{\"name\":\"x\",\"_meta\":{\"progressToken\":1}}");
        gone.next();
        gone.close();
        CompletableFuture<String> staying = CompletableFuture.supplyAsync(
                () -> client.call("8", "tools/list", "{}").body());
        Await.until("both are asked", () -> harness.one.hanging.size() == 2);
        Await.value(harness.gateway.closeAsync());

        assertWithdrawn(2);
        assertCutShort("8", true, JsonText.of(Await.value(staying)));
    }

    @Test
    void aListOfAllServersIsAnsweredAndWithdrawnFromAll() {
        McpClient client = session("/mcp");
        hang(true);
        harness.two.hang();

        assertCutShort("7", true, closedMeanwhile(() -> client.call("7", "tools/list", "{}"), 2));
    }

    @Test
    void aSessionThatWaitsForItsServerIsAnswered() {
        harness.one.state = ServerState.STARTING;
        hang(true);
        McpClient client = new McpClient(harness, "/mcp/one");

        assertCutShort("\"init\"", false, closedMeanwhile(() -> client.initialize("2025-11-25", "{}"), 1));
    }

    @Test
    void whatServersAreToldOfClientsThatAreGoneIsWithdrawn() {
        McpClient client = session("/mcp/one");
        client.call("1", "resources/subscribe", "{\"uri\":\"a\"}").body();
        harness.one.hang();
        client.send("DELETE", null).body();
        Await.until("the server is told", () -> harness.one.hanging.size() == 1);
        harness.two.hang();
        harness.client().post("/mcp/two/slow", "{}");
        Await.until("another waits", () -> harness.two.hanging.size() == 1);
        Await.value(harness.gateway.closeAsync());

        assertWithdrawn(2);
    }

    // ---- Calls of stateless clients.

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aStatelessCallIsAnsweredWithItsIdAndWhetherItMayHaveRun(boolean dispatched) {
        hang(dispatched);

        assertCutShort(
                "1",
                dispatched,
                closedMeanwhile(() -> new StatelessClient(harness, "/mcp/one").call("prompts/list", "{}"), 1));
    }

    @Test
    void theStreamOfAStatelessCallEndsInOrderWithItsError() {
        hangStreaming();
        Answer answer = new StatelessClient(harness, "/mcp/one")
                .meta("progressToken", "1")
                .call("prompts/list", "{}");
        assertEquals("notifications/progress", answer.next().method());
        Await.value(harness.gateway.closeAsync());
        List<Event> rest = answer.rest();

        assertEquals(1, rest.size());
        assertCutShort("1", true, rest.get(0).data());
        assertWithdrawn(1);
    }

    @Test
    void aStatelessCallThatWaitsForTheServersToolsWasNotSent() {
        hang(true);

        assertCutShort(
                "1",
                false,
                closedMeanwhile(() -> new StatelessClient(harness, "/mcp/one").call("tools/call", TOOL), 1));
    }

    @Test
    void aSubscriptionThatHasNotBegunIsAnswered() {
        hang(true);

        assertCutShort(
                "1",
                false,
                closedMeanwhile(
                        () -> new StatelessClient(harness, "/mcp/one")
                                .call(
                                        "subscriptions/listen",
                                        "{\"notifications\":{\"resourceSubscriptions\":[\"a\",\"b\"]}}"),
                        2));
    }
}
