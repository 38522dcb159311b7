package io.agenthub.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.gateway.internal.http.RawClient.Reply;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code POST /mcp/{server}/{path}} does not take, and how it says so. */
class PlainProxyRefusalsTest {
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

    @ParameterizedTest
    @ValueSource(strings = {"null", "1.5", "1e400", "1e2", "true", "{}", "[1]", "[]", "\"LONG\"", "LONG"})
    void anIdThatIsNoStringOrIntegerIsRefused(String id) {
        String written = id.replace("LONG", "1".repeat(300));
        Reply reply = HARNESS.post("/mcp/one/ping", "{\"jsonrpc\":\"2.0\",\"id\":" + written + ",\"method\":\"ping\"}");

        assertEquals(400, reply.status());
        assertTrue(
                reply.body().startsWith("{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32600,"), reply.body());
        assertEquals(0, one.sent.size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "1.5", "soon", "", "1e3", "9999999999999", "5\r\nX-Timeout-Ms: 5"})
    void aDeadlineThatIsNoneIsRefused(String asked) {
        Reply reply = HARNESS.post("/mcp/one/ping", "", "X-Timeout-Ms: " + asked);

        assertEquals(400, reply.status());
        assertTrue(reply.body().contains("X-Timeout-Ms"), reply.body());
        assertEquals(0, one.sent.size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "nonsense",
                "{\"jsonrpc\":\"2.0\",\"id\":1,}",
                "{\"jsonrpc\":\"2.0\",\"id\":1} {}",
                "{\"jsonrpc\":\"2.0\",\"id\":1}\u0000",
                "\ufeff{\"jsonrpc\":\"2.0\",\"id\":1}",
                "{'jsonrpc':'2.0'}",
                "{\"jsonrpc\":\"2.0\",\"id\":01}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"params\":{\"x\":\"\n\"}}",
                "   ",
                "[",
                "[1,2"
            })
    void whatIsNotJsonIsAParseError(String body) {
        Reply reply = HARNESS.post("/mcp/one/ping", body);

        assertEquals(400, reply.status());
        assertTrue(
                reply.body().startsWith("{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32700,"), reply.body());
        assertEquals(0, one.sent.size());
    }

    @Test
    void whatIsNotUtf8IsAParseError() {
        for (String bytes :
                new String[] {"\u00c0\u008a", "\u00ff\u00fe", "\u00f5\u0080\u0080\u0080", "\u00ed\u00a0\u0080"}) {
            byte[] body = ("{\"jsonrpc\":\"2.0\",\"id\":1,\"params\":{\"x\":\"" + bytes + "\"}}")
                    .getBytes(StandardCharsets.ISO_8859_1);
            assertEquals(400, HARNESS.post("/mcp/one/ping", body).status());
        }
        for (Charset charset :
                new Charset[] {StandardCharsets.UTF_16, StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE}) {
            byte[] body = "{\"jsonrpc\":\"2.0\",\"id\":1}".getBytes(charset);
            assertEquals(400, HARNESS.post("/mcp/one/ping", body).status());
        }
        assertEquals(0, one.sent.size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}]",
                "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"},{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"ping\"}]",
                "1",
                "\"ping\"",
                "null",
                "true"
            })
    void whatIsNoObjectIsNoRequest(String body) {
        Reply reply = HARNESS.post("/mcp/one/ping", body);

        assertEquals(400, reply.status());
        assertTrue(
                reply.body().startsWith("{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32600,"), reply.body());
        assertEquals(0, one.sent.size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"jsonrpc\":\"1.0\",\"id\":5,\"method\":\"ping\"}",
                "{\"jsonrpc\":2.0,\"id\":5,\"method\":\"ping\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"tools/call\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"Ping\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":7}",
                "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":null}",
                "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"ping\",\"params\":7}",
                "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"ping\",\"params\":null}",
                "{\"jsonrpc\":\"2.0\",\"id\":5,\"params\":\"x\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":5,\"result\":{}}",
                "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"ping\",\"result\":{}}",
                "{\"id\":5,\"method\":\"ping\"}"
            })
    void aRequestThatIsWrongIsRefusedWithItsOwnId(String body) {
        Reply reply = HARNESS.post("/mcp/one/ping", body);

        assertEquals(400, reply.status());
        assertTrue(reply.body().startsWith("{\"jsonrpc\":\"2.0\",\"id\":5,\"error\":{\"code\":-32600,"), reply.body());
        assertTrue(reply.body().contains("\"kind\":\"BAD_REQUEST\""), reply.body());
        assertEquals(0, one.sent.size());
        assertEquals(0, one.notified.size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"method\":\"tools/call\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"id\":2,\"method\":\"ping\"}",
                "{\"jsonrpc\":\"2.0\",\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"params\":{},\"params\":{}}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"\\u006dethod\":\"tools/call\"}"
            })
    void aMemberThatStandsTwiceIsRefused(String body) {
        assertEquals(400, HARNESS.post("/mcp/one/ping", body).status());
        assertEquals(0, one.sent.size());
    }

    @Test
    void namesThatOnlyLookAlikeAreNotTheMethod() {
        Reply reply = HARNESS.post(
                "/mcp/one/ping",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"Method\":\"tools/call\",\"param\u017f\":{}}");

        assertEquals(200, reply.status());
        assertEquals("ping", one.sent.peek().method());
        assertNull(one.sent.peek().params());
    }

    @Test
    void bombsAreRefusedQuickly() {
        String deep = "[".repeat(100_000) + "]".repeat(100_000);
        String number = "1".repeat(2_000);
        String name = "\"" + "n".repeat(2_000) + "\":1";
        String many = "0,".repeat(150_000) + "0";
        for (String params : new String[] {deep, "[" + number + "]", "{" + name + "}", "[" + many + "]"}) {
            Reply reply = HARNESS.post("/mcp/one/ping", "{\"jsonrpc\":\"2.0\",\"id\":1,\"params\":" + params + "}");
            assertEquals(400, reply.status());
        }
        assertEquals(0, one.sent.size());
    }

    @Test
    void anUnknownServerIsNamedTogetherWithTheKnownOnes() {
        Reply reply = HARNESS.post("/mcp/nobody/ping", "{\"jsonrpc\":\"2.0\",\"id\":1}");

        assertEquals(404, reply.status());
        assertEquals(
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":404,\"message\":\"No server 'nobody'; known: one,"
                        + " two\","
                        + "\"data\":{\"kind\":\"UNKNOWN_SERVER\",\"server\":\"nobody\",\"dispatched\":false,\"retryable\":false}}}",
                reply.body());
    }

    @Test
    void noAnswerShowsAStackTrace() {
        one.answer = sent -> {
            throw new IllegalStateException("secret detail");
        };
        Reply thrown = HARNESS.post("/mcp/one/ping", "{\"jsonrpc\":\"2.0\",\"id\":1}");
        assertEquals(500, thrown.status());
        one.fail(new IllegalStateException("secret detail"));
        Reply failed = HARNESS.post("/mcp/one/ping", "{\"jsonrpc\":\"2.0\",\"id\":1}");
        assertEquals(500, failed.status());

        for (Reply reply : new Reply[] {thrown, failed}) {
            assertTrue(reply.body().contains("\"kind\":\"INTERNAL\""), reply.body());
            assertFalse(reply.body().contains("secret"), reply.body());
            assertFalse(reply.body().contains("at io."), reply.body());
        }
    }
}
