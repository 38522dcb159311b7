package io.agenthub.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.Promise;
import io.agenthub.api.bridge.CallTimeoutException;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.api.server.ServerState;
import io.agenthub.gateway.internal.http.RawClient;
import io.agenthub.gateway.internal.http.RawClient.Reply;
import io.agenthub.tck.Await;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code POST /mcp/{server}/{path}}: what passes, and how. */
class PlainProxyTest {
    private static final GatewayHarness HARNESS = GatewayHarness.open();

    private FakeServer one;

    @BeforeEach
    void freshServer() {
        one = HARNESS.hub.add("one");
    }

    @AfterAll
    static void close() {
        HARNESS.close();
    }

    private static Reply post(String path, String body, String... headers) {
        return HARNESS.post(path, body, headers);
    }

    // ---- Requests.

    @Test
    void aRequestIsAnsweredByAResponseWithItsOwnId() {
        Reply reply = post("/mcp/one/tools/list", "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/list\"}");

        assertEquals(200, reply.status());
        assertEquals("application/json", reply.header("content-type"));
        assertEquals("{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{\"method\":\"tools/list\"}}", reply.body());
        assertNull(one.sent.peek().params());
    }

    @Test
    void theMethodMayBeLeftToThePath() {
        Reply reply = post("/mcp/one/tools/call", "{ \"id\" : \"a\",\n \"jsonrpc\" : \"2.0\", \"params\":{\"x\":1} }");

        assertEquals(200, reply.status());
        assertEquals("tools/call", one.sent.peek().method());
        assertEquals(JsonText.of("{\"x\":1}"), one.sent.peek().params());
        assertTrue(reply.body().startsWith("{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"result\":"), reply.body());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1",
                "0",
                "-1",
                "-0",
                "\"1\"",
                "9007199254740993",
                "123456789012345678901234567890",
                "\"\"",
                "\" \"",
                "\"\u00fc\ud83d\ude00\"",
                "\"\\u0041\\n\\\"\"",
                "\"null\"",
                "\"\u2028\u2029\u0085\""
            })
    void theIdComesBackByteForByte(String id) {
        Reply reply = post("/mcp/one/ping", "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"ping\"}");

        assertEquals(200, reply.status());
        assertEquals("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":{\"method\":\"ping\"}}", reply.body());

        one.fail(new CallTimeoutException("one", "ping", Duration.ofMillis(5), true));
        Reply failed = post("/mcp/one/ping", "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"ping\"}");
        assertTrue(failed.body().startsWith("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"error\":"), failed.body());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"b\":1.10,\"a\":1e400,\"c\":\"\\u00e9\u00e9\\ud83d\\ude00\",\"d\":0.1234567890123456789}",
                "{\"x\":9223372036854775808,\"y\":-0,\"z\":1E+2}",
                "{\"lone\":\"\\ud800\",\"nul\":\"\\u0000\",\"slash\":\"\\/\"}",
                "[1,[2,[3]],{}]",
                "{\"a\":1,\"a\":2}"
            })
    void parametersAndResultsPassByteForByte(String params) {
        one.result(params);
        Reply reply = post("/mcp/one/tools/call", "{\"jsonrpc\":\"2.0\",\"id\":1,\"params\":" + params + "}");

        assertEquals(200, reply.status());
        assertEquals(
                JsonText.trusted(params.getBytes(StandardCharsets.UTF_8)),
                one.sent.peek().params());
        assertEquals("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":" + params + "}", reply.body());
    }

    @Test
    void anErrorOfTheServerIsRelayedUnchanged() {
        String error = "{\"message\":\"no \\u0041\",\"code\":-32602,\"data\":{\"b\":1.0,\"a\":null},\"x\":1}";
        one.answer = sent -> Promise.succeeded(new RpcError(JsonText.of(error), -32602, "no A"));

        Reply reply = post("/mcp/one/tools/call", "{\"jsonrpc\":\"2.0\",\"id\":\"e\"}");

        assertEquals(200, reply.status());
        assertEquals("{\"jsonrpc\":\"2.0\",\"id\":\"e\",\"error\":" + error + "}", reply.body());
    }

    @Test
    void theCallCarriesWhoAsksAndUntilWhen() {
        String body = "{\"jsonrpc\":\"2.0\",\"id\":\"a b\"}";
        Reply reply = post("/mcp/one/ping", body, "X-Client-Name: vscode", "X-Timeout-Ms: 1500");

        assertEquals(200, reply.status());
        FakeServer.Sent sent = one.sent.peek();
        assertEquals(Optional.of("vscode"), sent.options().client());
        assertEquals(Optional.of(Duration.ofMillis(1500)), sent.options().timeout());
        assertEquals(Optional.of("127.0.0.1"), sent.options().peer());
        assertEquals(Optional.of("\"a b\""), sent.options().requestId());
    }

    @Test
    void aCallWithoutADeadlineGetsTheServersOwn() {
        post("/mcp/one/ping", "{\"jsonrpc\":\"2.0\",\"id\":1}");

        assertEquals(Optional.empty(), one.sent.peek().options().timeout());
        assertEquals(Optional.empty(), one.sent.peek().options().client());
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "600000, 600000", "600001, 600000", "999999999999, 600000"})
    void noCallWaitsLongerThanTenMinutes(String asked, long granted) {
        post("/mcp/one/ping", "", "X-Timeout-Ms: " + asked);

        assertEquals(
                Optional.of(Duration.ofMillis(granted)),
                one.sent.peek().options().timeout());
    }

    @Test
    void aVeryLongClientNameIsCut() {
        post("/mcp/one/ping", "", "X-Client-Name: " + "n".repeat(500));

        assertEquals(Optional.of("n".repeat(128)), one.sent.peek().options().client());
    }

    // ---- Without an envelope.

    @Test
    void parametersAloneAreAnsweredByTheBareResult() {
        one.result("{\"content\":[]}");
        Reply reply = post("/mcp/one/tools/call", "{\"name\":\"echo\",\"arguments\":{}}");

        assertEquals(200, reply.status());
        assertEquals("{\"content\":[]}", reply.body());
        assertEquals(
                JsonText.of("{\"name\":\"echo\",\"arguments\":{}}"),
                one.sent.peek().params());
    }

    @Test
    void noBodyMeansNoParameters() {
        assertEquals(
                "{\"method\":\"tools/list\"}", post("/mcp/one/tools/list", "").body());
        assertNull(one.sent.peek().params());
        assertEquals(
                "{\"method\":\"tools/list\",\"params\":{}}",
                post("/mcp/one/tools/list", "{}").body());
    }

    @Test
    void withoutAnEnvelopeAnErrorOfTheServerIs422() {
        one.answer = sent -> Promise.succeeded(RpcError.of(-32601, "There is no such method", null));
        Reply reply = post("/mcp/one/nope", "{}");

        assertEquals(422, reply.status());
        assertEquals("{\"error\":{\"code\":-32601,\"message\":\"There is no such method\"}}", reply.body());
    }

    @Test
    void withoutAnEnvelopeAFailureOfTheHubIsPlainJson() {
        Reply reply = post("/mcp/nobody/ping", "{}");

        assertEquals(404, reply.status());
        assertTrue(reply.body().startsWith("{\"error\":{\"kind\":\"UNKNOWN_SERVER\","), reply.body());
    }

    // ---- Notifications.

    @Test
    void aNotificationIsTakenAtOnceAndPassedOn() {
        one.hang();
        Reply reply = post(
                "/mcp/one/notifications/roots/list_changed",
                "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/roots/list_changed\"}");

        assertEquals(202, reply.status());
        assertEquals("", reply.body());
        assertEquals("0", reply.header("content-length"));
        Await.until("it is passed on", () -> one.notified.size() == 1);
        assertEquals("notifications/roots/list_changed", one.notified.peek().method());
        assertEquals(0, one.sent.size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"notifications/cancelled", "notifications/initialized"})
    void aNotificationOfAnotherSessionIsTakenAndKeptFromTheServer(String method) {
        String body = "{\"jsonrpc\":\"2.0\",\"params\":{\"requestId\":1}}";

        assertEquals(202, post("/mcp/one/" + method, body).status());
        assertEquals(0, one.notified.size());
    }

    @Test
    void aNotificationToNobodyIsToldSo() {
        Reply reply = post("/mcp/nobody/notifications/x", "{\"jsonrpc\":\"2.0\"}");

        assertEquals(404, reply.status());
        assertTrue(reply.body().contains("UNKNOWN_SERVER"), reply.body());
    }

    // ---- The handshake.

    @Test
    void initializeIsAnsweredWithTheHandshakeThatAllShare() {
        Reply reply = post(
                "/mcp/one/initialize",
                "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-11-25\"}}");

        assertEquals(200, reply.status());
        assertEquals(
                "{\"jsonrpc\":\"2.0\",\"id\":0,\"result\":{\"protocolVersion\":\"2025-11-25\",\"serverInfo\":{\"name\":\"fake\",\"version\":\"1\"}}}",
                reply.body());
        assertEquals("ping", one.sent.peek().method());
    }

    @Test
    void initializeFailsAsAnyCallWould() {
        one.fail(new CallTimeoutException("one", "ping", Duration.ofMillis(5), false));
        assertEquals(
                504,
                post("/mcp/one/initialize", "{\"jsonrpc\":\"2.0\",\"id\":0}").status());

        one.answer = sent -> Promise.succeeded(RpcError.of(-32601, "no ping here", null));
        assertEquals(
                200,
                post("/mcp/one/initialize", "{\"jsonrpc\":\"2.0\",\"id\":0}").status());

        one.state = ServerState.STOPPED;
        assertEquals(
                503,
                post("/mcp/one/initialize", "{\"jsonrpc\":\"2.0\",\"id\":0}").status());
    }

    // ---- The client goes away.

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aClientThatGoesAwayCancelsItsCall(boolean reset) {
        one.hang();
        RawClient client = new RawClient(HARNESS.address);
        client.post("/mcp/one/slow", "{\"jsonrpc\":\"2.0\",\"id\":1}");
        Await.until("it is sent", () -> one.hanging.size() == 1);

        if (reset) {
            client.reset();
        } else {
            client.close();
        }

        Await.until("it is cancelled", () -> one.cancelled.get() == 1);
        assertTrue(one.hanging.peek().isCancelled());
    }

    @Test
    void aCallThatWasAnsweredIsNotCancelled() {
        try (RawClient client = new RawClient(HARNESS.address)) {
            assertEquals(
                    200,
                    client.post("/mcp/one/ping", "{\"jsonrpc\":\"2.0\",\"id\":1}")
                            .reply()
                            .status());
            one.hang();
            client.post("/mcp/one/slow", "{\"jsonrpc\":\"2.0\",\"id\":2}");
            Await.until("it is sent", () -> one.hanging.size() == 1);
        }
        Await.until("only the second is cancelled", () -> one.cancelled.get() == 1);
    }
}
