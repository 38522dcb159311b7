package io.agenthub.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.Promise;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.gateway.McpClient.Answer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What stateless clients are promised. */
class StatelessFaceTest {
    private static final String PREFIX = "io.modelcontextprotocol/";
    private static final String TOOLS =
            "{\"tools\":[{\"name\":\"x\",\"inputSchema\":{\"type\":\"object\",\"properties\":{"
                    + "\"region\":{\"type\":\"string\",\"x-mcp-header\":\"Region\"},"
                    + "\"level\":{\"type\":\"integer\",\"x-mcp-header\":\"Level\"},"
                    + "\"dry\":{\"type\":\"boolean\",\"x-mcp-header\":\"Dry\"}}}}]}";

    private final GatewayHarness harness = GatewayHarness.open();
    private final StatelessClient client = new StatelessClient(harness, "/mcp/one");

    @AfterEach
    void close() {
        harness.close();
    }

    private List<String> methods() {
        return harness.one.sent.stream().map(FakeServer.Sent::method).toList();
    }

    // ---- The envelope and the headers.

    @Test
    void aCompleteRequestReachesTheServerWithoutItsEnvelope() {
        Answer answer = client.meta("mine", "1").call("tools/list", "{\"cursor\":\"c\"}");

        assertEquals(200, answer.status());
        assertEquals(
                JsonText.of("{\"cursor\":\"c\",\"_meta\":{\"mine\":1}}"),
                harness.one.sent.peek().params());
    }

    @Test
    void theServerLearnsWhoAsksFromTheEnvelope() {
        client.meta(PREFIX + "clientInfo", "{\"name\":\"me\",\"version\":\"1\"}")
                .meta(PREFIX + "logLevel", "\"error\"")
                .call("tools/list", "{}")
                .body();
        FakeServer.Sent sent = harness.one.sent.peek();

        assertEquals("me", sent.options().client().orElseThrow());
        assertEquals("error", sent.options().profile().logLevel().orElseThrow());
        assertTrue(sent.options().profile().takesInputRequired());
        assertTrue(sent.options().session().isEmpty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "protocolVersion|-|-32602",
                "protocolVersion|7|-32602",
                "protocolVersion|\"2025-11-25\"|-32020",
                "protocolVersion|\"2099-01-01\"|-32020",
                "clientCapabilities|-|-32602",
                "clientCapabilities|[]|-32602",
                "clientInfo|\"me\"|-32602",
                "logLevel|\"loud\"|-32602"
            })
    void anEnvelopeThatIsIncompleteIsRefused(String key, String value, String code) {
        Answer answer = client.meta(PREFIX + key, value).call("tools/list", "{}");

        assertEquals(400, answer.status());
        assertEquals(code, answer.at("/error/code"));
        assertEquals(0, harness.hub.dispatched());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "mcp-protocol-version|-",
                "mcp-protocol-version|2025-11-25",
                "mcp-protocol-version|2026-07-29",
                "mcp-method|-",
                "mcp-method|tools/list",
                "mcp-method|Tools/Call",
                "mcp-name|-",
                "mcp-name|X",
                "mcp-name|=?base64?!?=",
                "mcp-name|=?base64?eA?="
            })
    void aHeaderThatIsMissingOrDiffersFromTheBodyIsRefused(String header, String value) {
        Answer answer = client.header(header, value).call("tools/call", "{\"name\":\"x\"}");

        assertEquals(400, answer.status());
        assertEquals("-32020", answer.at("/error/code"));
        assertEquals(0, harness.hub.dispatched());
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", " x ", "=?base64?eA==?="})
    void aNameMayBePlainPaddedOrInBase64(String value) {
        assertEquals(
                200,
                client.header("mcp-name", value)
                        .call("tools/call", "{\"name\":\"x\"}")
                        .status());
    }

    @Test
    void aRevisionThatIsNotSpokenHereIsRefusedWithThoseThatAre() {
        Answer answer = client.meta(PREFIX + "protocolVersion", "\"2099-01-01\"")
                .header("mcp-protocol-version", "2099-01-01")
                .call("tools/list", "{}");

        assertEquals(400, answer.status());
        assertEquals(
                "{\"code\":-32022,\"message\":\"This protocol version is not spoken here\","
                        + "\"data\":{\"supported\":[\"2026-07-28\"],\"requested\":\"2099-01-01\"}}",
                sorted(answer.json().member("error").orElseThrow()));
        assertEquals(0, harness.hub.dispatched());
    }

    /** With the two members of data in one order. */
    private static String sorted(JsonText error) {
        JsonText data = error.member("data").orElseThrow();
        JsonText ordered = JsonText.EMPTY_OBJECT
                .with("supported", data.member("supported").orElseThrow())
                .with("requested", data.member("requested").orElseThrow());
        return error.with("data", ordered).toString();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "initialize",
                "ping",
                "logging/setLevel",
                "resources/subscribe",
                "resources/unsubscribe",
                "tasks/get"
            })
    void methodsOfOtherErasAreNotFound(String method) {
        Answer answer = client.call(method, "{}");

        assertEquals(404, answer.status());
        assertEquals("-32601", answer.at("/error/code"));
        assertEquals(0, harness.hub.dispatched());
    }

    @Test
    void aMethodThatTheServerDoesNotKnowIsNotFound() {
        harness.one.answer = sent -> Promise.succeeded(RpcError.of(-32601, "Method not found", null));
        Answer answer = client.call("no/such", "{}");

        assertEquals(404, answer.status());
        assertEquals("1", answer.json().member("id").orElseThrow().toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "{\"region\":\"eu\"}|mcp-param-region|eu|200",
                "{\"region\":\"eu\"}|mcp-param-region|=?base64?ZXU=?=|200",
                "{\"region\":\"eu\"}|mcp-param-region|us|400",
                "{\"region\":\"eu\"}|mcp-param-region|EU|400",
                "{\"region\":\"eu\"}|mcp-param-region|-|400",
                "{\"region\":null}|mcp-param-region|-|200",
                "{}|mcp-param-region|-|200",
                "{\"level\":7}|mcp-param-level|7|200",
                "{\"level\":7}|mcp-param-level|7.0|200",
                "{\"level\":7}|mcp-param-level|8|400",
                "{\"level\":7}|mcp-param-level|seven|400",
                "{\"dry\":true}|mcp-param-dry|true|200",
                "{\"dry\":true}|mcp-param-dry|True|400",
                "{}|mcp-param-other|anything|200"
            })
    void headersThatRepeatArgumentsMustAgreeWithThem(String arguments, String header, String value, int status) {
        harness.one.result(TOOLS);
        Answer answer =
                client.header(header, value).call("tools/call", "{\"name\":\"x\",\"arguments\":" + arguments + "}");

        assertEquals(status, answer.status());
        assertEquals(status == 200, methods().contains("tools/call"));
    }

    @Test
    void aSchemaThatCannotBeReadSpoilsNoOther() {
        String twice = "{\"name\":\"y\",\"inputSchema\":{\"properties\":{\"a\":{},\"a\":{\"x-mcp-header\":\"A\"}}}}";
        harness.one.result(TOOLS.replace("{\"tools\":[", "{\"tools\":[" + twice + ","));

        assertEquals(200, client.call("tools/call", "{\"name\":\"y\"}").status());
        assertEquals(
                400,
                client.header("mcp-param-region", "other")
                        .call("tools/call", "{\"name\":\"x\",\"arguments\":{\"region\":\"here\"}}")
                        .status());
    }

    @Test
    void theToolsAreReadOnceUntilTheyChange() {
        harness.one.result(TOOLS);
        client.call("tools/call", "{\"name\":\"x\"}").body();
        client.call("tools/call", "{\"name\":\"x\"}").body();
        assertEquals(List.of("tools/list", "tools/call", "tools/call"), methods());
        harness.hub.announce("one", "notifications/tools/list_changed", "{}");
        client.call("tools/call", "{\"name\":\"x\"}").body();

        assertEquals(List.of("tools/list", "tools/call", "tools/call", "tools/list", "tools/call"), methods());
    }

    @Test
    void aNotificationIsAcceptedAndGoesNowhere() {
        McpClient plain = new McpClient(harness, "/mcp/one").with("mcp-protocol-version", "2026-07-28");

        assertEquals(
                202,
                plain.post("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\"}")
                        .status());
        assertEquals(0, harness.hub.dispatched());
    }

    @Test
    void aBatchWithAStatelessRequestIsRefused() {
        Answer answer = new McpClient(harness, "/mcp/one")
                .post("[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\",\"params\":{\"_meta\":{\"" + PREFIX
                        + "protocolVersion\":\"2026-07-28\"}}}]");

        assertEquals(400, answer.status());
        assertEquals("-32600", answer.at("/error/code"));
    }

    @Test
    void getAndDeleteBelongToSessions() {
        McpClient plain = new McpClient(harness, "/mcp/one").with("mcp-protocol-version", "2026-07-28");

        assertEquals(400, plain.send("GET", null).status());
        assertEquals(400, plain.send("DELETE", null).status());
    }

    // ---- Results.

    @Test
    void discoverTellsWhatTheServerSaysOfItself() {
        harness.one.capabilities = JsonText.of("{\"tools\":{},\"tasks\":{}}");
        JsonText result =
                client.call("server/discover", "{}").json().member("result").orElseThrow();

        assertEquals(
                "[\"2026-07-28\"]",
                result.member("supportedVersions").orElseThrow().toString());
        assertEquals(
                "{\"tools\":{}}", result.member("capabilities").orElseThrow().toString());
        assertEquals("\"Be kind.\"", result.member("instructions").orElseThrow().toString());
        assertEquals("\"complete\"", result.member("resultType").orElseThrow().toString());
        assertEquals("0", result.member("ttlMs").orElseThrow().toString());
        assertEquals("\"private\"", result.member("cacheScope").orElseThrow().toString());
        assertEquals(
                "\"fake\"",
                result.at("/_meta/io.modelcontextprotocol~1serverInfo/name")
                        .orElseThrow()
                        .toString());
        assertTrue(result.member("serverInfo").isEmpty());
    }

    @ParameterizedTest
    @CsvSource({
        "tools/list, true",
        "prompts/list, true",
        "resources/list, true",
        "resources/templates/list, true",
        "completion/complete, false"
    })
    void resultsOfServersWithSessionsAreCompletedAndNotToBeKept(String method, boolean cacheable) {
        harness.one.result("{\"a\":1}");
        JsonText result = client.call(method, "{}").json().member("result").orElseThrow();

        assertEquals("1", result.member("a").orElseThrow().toString());
        assertEquals("\"complete\"", result.member("resultType").orElseThrow().toString());
        assertEquals(cacheable, result.member("ttlMs").isPresent());
        assertEquals(cacheable, result.member("cacheScope").isPresent());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\":1,\"a\":2}", "5", "[]", "null"})
    void aResultThatCannotBeCompletedIsAnError(String result) {
        harness.one.result(result);
        JsonText error = client.call("tools/list", "{}").json().member("error").orElseThrow();

        assertEquals("502", error.member("code").orElseThrow().toString());
        assertTrue(error.toString().contains("CHILD_PROTOCOL"), error.toString());
    }

    @Test
    void resultsOfStatelessServersAreRelayedAsTheyAre() {
        String json = "{\"tools\":[],\"resultType\":\"complete\",\"ttlMs\":5,\"cacheScope\":\"public\"}";
        harness.one.result(json);

        assertEquals(json, client.call("tools/list", "{}").at("/result"));
    }

    @Test
    void aResourceThatIsNotThereIsAnInvalidParameterThatIsNamed() {
        harness.one.answer = sent -> Promise.succeeded(RpcError.of(-32002, "Resource not found", null));
        Answer answer = client.call("resources/read", "{\"uri\":\"a:b\"}");

        assertEquals(200, answer.status());
        assertEquals(
                "{\"code\":-32602,\"message\":\"Resource not found\",\"data\":{\"uri\":\"a:b\"}}", answer.at("/error"));
    }

    @ParameterizedTest
    @CsvSource({"-32020, -32603", "-32021, -32603", "-32050, -32603", "-32099, -32603", "-32019, -32019", "7, 7"})
    void codesThatAreNotAServersToUseDoNotLeak(int said, String heard) {
        harness.one.answer = sent -> Promise.succeeded(RpcError.of(said, "no", null));
        Answer answer = client.call("tools/list", "{}");

        assertEquals(200, answer.status());
        assertEquals(heard, answer.at("/error/code"));
    }

    @Test
    void aMissingCapabilityOfAStatelessServerIsABadRequest() {
        harness.one.protocol = "2026-07-28";
        harness.one.answer = sent -> Promise.succeeded(
                RpcError.of(-32021, "no", JsonText.of("{\"requiredCapabilities\":{\"sampling\":{}}}")));
        Answer answer = client.call("tools/list", "{}");

        assertEquals(400, answer.status());
        assertEquals("{\"sampling\":{}}", answer.at("/error/data/requiredCapabilities"));
    }

    @Test
    void aQuestionOfAStatelessServerIsRelayedAsItIsIfItsClientCanAnswerIt() {
        harness.one.protocol = "2026-07-28";
        String asked = "{\"resultType\":\"input_required\",\"requestState\":\"theirs\",\"inputRequests\":{\"k\":"
                + "{\"method\":\"elicitation/create\",\"params\":{\"message\":\"m\"}}}}";
        harness.one.result(asked);

        assertEquals(asked, client.call("prompts/get", "{\"name\":\"x\"}").at("/result"));
        Answer unable = client.capabilities("{\"sampling\":{}}").call("prompts/get", "{\"name\":\"x\"}");
        assertEquals(400, unable.status());
        assertEquals("{\"elicitation\":{}}", unable.at("/error/data/requiredCapabilities"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tools/list", "resources/list", "completion/complete", "prompts/list"})
    void aServerCannotAskWhereNothingMayBeAsked(String method) {
        harness.one.protocol = "2026-07-28";
        harness.one.result("{\"resultType\":\"input_required\",\"requestState\":\"s\"}");
        Answer answer = client.call(method, "{}");

        assertEquals(200, answer.status());
        assertEquals("-32603", answer.at("/error/code"));
    }
}
