package io.agenthub.api.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reading and writing JSON-RPC envelopes. */
class RpcMessageTest {
    private static final int PARSE = MalformedMessageException.PARSE_ERROR;
    private static final int INVALID = MalformedMessageException.INVALID_REQUEST;

    private static RpcMessage read(String json) {
        return RpcMessage.parse(json.getBytes(StandardCharsets.UTF_8), JsonLimits.DOOR);
    }

    private static void refused(int code, String json) {
        MalformedMessageException refusal = assertThrows(MalformedMessageException.class, () -> read(json), json);
        assertEquals(code, refusal.code(), refusal.getMessage());
    }

    private static RpcRequest withId(String id) {
        return assertInstanceOf(RpcRequest.class, read("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"ping\"}"));
    }

    // Kinds of messages

    @Test
    void aMethodWithAnIdIsARequest() {
        RpcRequest request = assertInstanceOf(
                RpcRequest.class,
                read("{\"method\":\"tools/call\",\"params\":{\"name\":\"add\"},\"id\":7,\"jsonrpc\":\"2.0\"}"));
        assertEquals("7", request.id().toString());
        assertEquals("tools/call", request.method());
        assertEquals("{\"name\":\"add\"}", String.valueOf(request.params()));
    }

    @Test
    void aMethodWithoutAnIdIsANotification() {
        RpcNotification notification = assertInstanceOf(
                RpcNotification.class, read("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}"));
        assertEquals("notifications/initialized", notification.method());
        assertNull(notification.params());
    }

    @Test
    void aResultWithAnIdIsAResponse() {
        RpcResponse response =
                assertInstanceOf(RpcResponse.class, read("{\"result\":[1.10],\"jsonrpc\":\"2.0\",\"id\":\"a\"}"));
        assertEquals("\"a\"", String.valueOf(response.id()));
        assertEquals("[1.10]", response.outcome().orThrow().toString());
    }

    @Test
    void anErrorIsAResponseEvenWithoutAReadableId() {
        String error = "{\"code\":-32601,\"message\":\"no \\u00e9\",\"data\":{\"x\":1e400}}";
        for (String id : new String[] {"", ",\"id\":null"}) {
            RpcResponse response =
                    assertInstanceOf(RpcResponse.class, read("{\"jsonrpc\":\"2.0\",\"error\":" + error + id + "}"));
            assertNull(response.id());
            RpcError outcome = assertInstanceOf(RpcError.class, response.outcome());
            assertEquals(-32601, outcome.code());
            assertEquals("no é", outcome.message());
            assertEquals("{\"x\":1e400}", outcome.data().orElseThrow().toString());
            assertEquals(error, outcome.json().toString());
        }
    }

    @Test
    void namesMayBeEscapedAndStrangeMembersAreIgnored() {
        RpcRequest request = assertInstanceOf(
                RpcRequest.class,
                read("{\"json\\u0072pc\":\"2\\u002e0\",\"i\\u0064\":1,\"\\u006dethod\":\"pi\\u006eg\",\"trace\":[{}],"
                        + "\"Method\":\"tools/call\",\"param\\u017f\":{}}"));
        assertEquals("ping", request.method());
        assertNull(request.params());
    }

    @Test
    void aRangeOfAnArrayIsReadAndNothingAroundIt() {
        byte[] line = "xx{\"jsonrpc\":\"2.0\",\"method\":\"m\",\"params\":[1]}yy".getBytes(StandardCharsets.UTF_8);
        RpcNotification message =
                assertInstanceOf(RpcNotification.class, RpcMessage.parse(line, 2, line.length - 2, JsonLimits.RELAY));
        assertEquals("[1]", String.valueOf(message.params()));
        assertThrows(
                MalformedMessageException.class, () -> RpcMessage.parse(line, 2, line.length - 3, JsonLimits.RELAY));
    }

    // Ids

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1",
                "0",
                "-1",
                "9007199254740993",
                "123456789012345678901234567890",
                "\"1\"",
                "\"\"",
                "\"😀\"",
                "\"\\u0031\"",
                "\"a b\\n\""
            })
    void idsAreEchoedByteForByte(String id) {
        RpcRequest request = withId(id);
        assertEquals(id, request.id().toString());
        RpcResponse answer = new RpcResponse(request.id(), new RpcResult(JsonText.EMPTY_OBJECT));
        assertEquals(
                "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":{}}",
                answer.toJson().toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "1.5", "1.0", "1e2", "1e400", "{}", "[]", "[1]", "true", "false"})
    void otherIdsAreInvalid(String id) {
        refused(INVALID, "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"ping\"}");
    }

    @Test
    void anIdOf256BytesIsTheLongest() {
        assertEquals(256, withId("\"" + "x".repeat(254) + "\"").id().length());
        refused(INVALID, "{\"jsonrpc\":\"2.0\",\"id\":\"" + "x".repeat(255) + "\",\"method\":\"ping\"}");
        assertEquals(256, withId("9".repeat(256)).id().length());
        refused(INVALID, "{\"jsonrpc\":\"2.0\",\"id\":" + "9".repeat(257) + ",\"method\":\"ping\"}");
        refused(INVALID, "{\"jsonrpc\":\"2.0\",\"id\":\"" + "é".repeat(128) + "\",\"method\":\"ping\"}");
    }

    // What is refused

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"id\":2,\"method\":\"ping\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"method\":\"tools/call\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"m\\u0065thod\":\"tools/call\"}",
                "{\"jsonrpc\":\"2.0\",\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}",
                "{\"jsonrpc\":\"2.0\",\"method\":\"ping\",\"params\":{},\"params\":{}}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":1,\"result\":1}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{},\"error\":{}}",
                "{\"jsonrpc\":\"2.0\",\"method\":\"ping\",\"x\":1,\"x\":1}"
            })
    void noMemberOfTheEnvelopeMayStandTwice(String json) {
        refused(INVALID, json);
    }

    @Test
    void membersBelowTheEnvelopeAreNotItsBusiness() {
        assertInstanceOf(
                RpcNotification.class, read("{\"jsonrpc\":\"2.0\",\"method\":\"m\",\"params\":{\"a\":1,\"a\":2}}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}]",
                "1",
                "null",
                "\"x\"",
                "{}",
                "{\"jsonrpc\":\"2.0\"}",
                "{\"jsonrpc\":\"1.0\",\"method\":\"m\"}",
                "{\"jsonrpc\":2.0,\"method\":\"m\"}",
                "{\"method\":\"m\",\"id\":1}",
                "{\"jsonrpc\":\"2.0\",\"method\":1}",
                "{\"jsonrpc\":\"2.0\",\"method\":null}",
                "{\"jsonrpc\":\"2.0\",\"id\":1}",
                "{\"jsonrpc\":\"2.0\",\"result\":1}",
                "{\"jsonrpc\":\"2.0\",\"id\":null,\"result\":1}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":1,\"error\":{}}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",\"result\":1}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",\"error\":{\"code\":1,\"message\":\"\"}}",
                "{\"jsonrpc\":\"2.0\",\"method\":\"m\",\"params\":1}",
                "{\"jsonrpc\":\"2.0\",\"method\":\"m\",\"params\":null}",
                "{\"jsonrpc\":\"2.0\",\"method\":\"m\",\"params\":\"x\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":1}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{}}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":1}}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":1.5,\"message\":\"\"}}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":\"1\",\"message\":\"\"}}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":9999999999,\"message\":\"\"}}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":1,\"code\":2,\"message\":\"\"}}"
            })
    void jsonThatIsNoMessageIsInvalid(String json) {
        refused(INVALID, json);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[1,",
                "{\"jsonrpc\":\"2.0\",\"method\":\"m\"",
                "{\"jsonrpc\":\"2.0\",\"method\":\"m\"}}",
                "{\"jsonrpc\":\"2.0\",\"method\":\"m\"}{}",
                "{\"jsonrpc\":\"2.0\",\"method\":\"m\",}",
                "{\"jsonrpc\":\"1.0\",\"method\":\"m\"",
                "{\"id\":1,\"id\":2,",
                "[{\"jsonrpc\":\"2.0\"]",
                "\ufeff{\"jsonrpc\":\"2.0\",\"method\":\"m\"}",
                "{\"jsonrpc\":\"2.0\",\"method\":\"m\"}\u0000"
            })
    void brokenJsonIsReportedAsSuchBeforeItsShapeIsJudged(String json) {
        refused(PARSE, json);
    }

    @Test
    void aBatchIsNamedInTheRefusal() {
        MalformedMessageException refusal = assertThrows(MalformedMessageException.class, () -> read("[{}]"));
        assertTrue(refusal.getMessage().contains("batch"), refusal.getMessage());
    }

    @Test
    void theEnvelopeCountsAsALevelOfNesting() {
        String head = "{\"jsonrpc\":\"2.0\",\"method\":\"m\",\"params\":";
        RpcMessage deep = read(head + "[".repeat(127) + "]".repeat(127) + "}");
        assertEquals(deep.toJson(), JsonText.of(deep.toJson().toString()));
        refused(PARSE, head + "[".repeat(128) + "]".repeat(128) + "}");
    }

    // Writing

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":\"\\u0031\",\"method\":\"tools/call\",\"params\":{\"n\":1.10, \"z\":[1e400]}}",
                "{\"jsonrpc\":\"2.0\",\"method\":\"a\\\"b é\",\"params\":[]}",
                "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":null}",
                "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32700,\"message\":\"\",\"data\":[0.0]}}"
            })
    void whatIsReadInCanonicalOrderIsWrittenBackByteForByte(String json) {
        assertEquals(json, read(json).toJson().toString());
    }

    @Test
    void aMessageOnManyLinesIsWrittenOnOne() {
        RpcMessage message =
                read("{\n\"jsonrpc\":\"2.0\",\r\n\"id\":1,\n\"method\":\"m\",\n\"params\":{\n\"a\\n\":\n1}\n}\n");
        assertEquals(
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",\"params\":{\"a\\n\":1}}",
                message.toJson().singleLine().toString());
    }

    @Test
    void anErrorIsMadeOfItsParts() {
        RpcError error = RpcError.of(-32000, "a \"b\"", JsonText.of("[1]"));
        assertEquals(
                "{\"code\":-32000,\"message\":\"a \\\"b\\\"\",\"data\":[1]}",
                error.json().toString());
        RpcErrorException thrown = assertThrows(RpcErrorException.class, error::orThrow);
        assertEquals(error, thrown.error());
        assertEquals("a \"b\" (-32000)", thrown.getMessage());
        assertTrue(RpcError.of(1, "", null).data().isEmpty());
    }
}
