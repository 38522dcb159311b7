package io.agenthub.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.agenthub.api.rpc.JsonText;
import io.agenthub.gateway.internal.http.RawClient;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One good request of a stateless client, spoiled in one way at a time, byte for byte. */
class StatelessAbuseTest {
    private static final String TOOLS =
            "{\"tools\":[{\"name\":\"x\",\"inputSchema\":{\"type\":\"object\",\"properties\":{"
                    + "\"region\":{\"type\":\"string\",\"x-mcp-header\":\"Region\"}}}}]}";
    private static final List<String> HEADERS = List.of(
            "Content-Type: application/json",
            "Accept: application/json, text/event-stream",
            "MCP-Protocol-Version: 2026-07-28",
            "Mcp-Method: tools/call",
            "Mcp-Name: x",
            "Mcp-Param-Region: eu");
    private static final String BODY =
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"x\","
                    + "\"arguments\":{\"region\":\"eu\"},\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
                    + "\"io.modelcontextprotocol/clientCapabilities\":{}}}}";

    private final GatewayHarness harness = GatewayHarness.open();

    StatelessAbuseTest() {
        harness.one.result(TOOLS);
        // The gateway knows the tool from here on, and asks the server for nothing to check a request.
        assertEquals(200, send(HEADERS, BODY).status());
        harness.one.sent.clear();
    }

    @AfterEach
    void close() {
        harness.close();
    }

    private RawClient.Reply send(List<String> headers, String body) {
        RawClient client = harness.client();
        List<String> lines = new ArrayList<>(headers);
        if (headers.stream().noneMatch(header -> header.startsWith("Host:"))) {
            lines.add(0, "Host: " + harness.host());
        }
        return client.send("POST /mcp/one HTTP/1.1\r\n" + String.join("\r\n", lines) + "\r\nContent-Length: "
                        + body.length() + "\r\n\r\n" + body)
                .reply();
    }

    private void isRefused(RawClient.Reply reply, int status, String code) {
        assertEquals(status, reply.status(), reply.body());
        JsonText answer = JsonText.of(reply.body());
        assertEquals(code, answer.at("/error/code").map(JsonText::toString).orElse("none"), reply.body());
        assertFalse(answer.member("result").isPresent(), reply.body());
        assertEquals(0, harness.hub.dispatched(), "what reached a server");
    }

    /** The header named is left out, and replaced by those given, which are divided by semicolons. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "MCP-Protocol-Version|-|400|-32020",
                "MCP-Protocol-Version|MCP-Protocol-Version:|400|-32020",
                "MCP-Protocol-Version|MCP-Protocol-Version: 2025-11-25|400|-32020",
                "MCP-Protocol-Version|MCP-Protocol-Version: 2026-07-29|400|-32020",
                "MCP-Protocol-Version|MCP-Protocol-Version: 2026-07-28;mcp-protocol-version: 2026-07-28|400|-32020",
                "MCP-Protocol-Version|MCP-Protocol-Version: 2026-07-28;MCP-Protocol-Version: 2025-11-25|400|-32020",
                "Mcp-Method|-|400|-32020",
                "Mcp-Method|Mcp-Method:|400|-32020",
                "Mcp-Method|Mcp-Method: tools/list|400|-32020",
                "Mcp-Method|Mcp-Method: Tools/Call|400|-32020",
                "Mcp-Method|Mcp-Method: tools/call;Mcp-Method: tools/call|400|-32020",
                "Mcp-Method|Mcp-Method: =?base64?dG9vbHMvbGlzdA==?=|400|-32020",
                "Mcp-Name|-|400|-32020",
                "Mcp-Name|Mcp-Name:|400|-32020",
                "Mcp-Name|Mcp-Name: y|400|-32020",
                "Mcp-Name|Mcp-Name: X|400|-32020",
                "Mcp-Name|Mcp-Name: x;Mcp-Name: y|400|-32020",
                "Mcp-Name|Mcp-Name: =?base64?eQ==?=|400|-32020",
                "Mcp-Name|Mcp-Name: =?base64?eA?=|400|-32020",
                "Mcp-Name|Mcp-Name: =?base64?!!!!?=|400|-32020",
                "Mcp-Name|Mcp-Name: =?base64?/w==?=|400|-32020",
                "Mcp-Param-Region|-|400|-32020",
                "Mcp-Param-Region|Mcp-Param-Region:|400|-32020",
                "Mcp-Param-Region|Mcp-Param-Region: us|400|-32020",
                "Mcp-Param-Region|Mcp-Param-Region: EU|400|-32020",
                "Mcp-Param-Region|Mcp-Param-Region: eu;Mcp-Param-Region: eu|400|-32020",
                "Mcp-Param-Region|Mcp-Param-Region: =?base64?dXM=?=|400|-32020",
                "Mcp-Param-Region|Mcp-Param-Region: =?base64?ZXU?=|400|-32020",
                "Accept|-|406|406",
                "Accept|Accept: application/json|406|406",
                "Content-Type|Content-Type: text/plain|415|415",
                "Content-Type|-|415|415",
                "Host|Host: evil.example|403|403",
                "Origin|Origin: http://evil.example|403|403",
                "Origin|Origin: null|403|403"
            })
    void aHeaderThatIsMissingDoubledMistakenOrForeign(String header, String instead, int status, String code) {
        List<String> headers = new ArrayList<>(HEADERS);
        headers.removeIf(line -> line.startsWith(header + ":"));
        if (instead != null) {
            headers.addAll(List.of(instead.split(";", -1)));
        }
        isRefused(send(headers, BODY), status, code);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // The envelope.
                "\"_meta\":.*|\"x\":1}}|400|-32602",
                "\"_meta\":.*|\"_meta\":null}}|400|-32602",
                "\"_meta\":.*|\"_meta\":[]}}|400|-32602",
                "\"_meta\":.*|\"_meta\":\"2026-07-28\"}}|400|-32602",
                "\"2026-07-28\"|null|400|-32602",
                "\"2026-07-28\"|20260728|400|-32602",
                "\"2026-07-28\"|\"2025-11-25\"|400|-32020",
                "\"2026-07-28\"|\"2026-07-28\",\"io.modelcontextprotocol/protocolVersion\":\"2025-11-25\"|400|-32600",
                "/clientCapabilities\":\\{}|/clientCapabilities\":null|400|-32602",
                "/clientCapabilities\":\\{}|/clientCapabilities\":\"{}\"|400|-32602",
                "/clientCapabilities\":\\{}|/clientInfo\":{}|400|-32602",
                // The request.
                "\"params\":.*|\"params\":[]}|400|-32602",
                "\"params\":.*|\"params\":7}|400|-32600",
                ",\"params\":.*|}|400|-32602",
                "\"name\":\"x\",||400|-32602",
                "\"name\":\"x\"|\"name\":7|400|-32602",
                "\"name\":\"x\"|\"name\":\"x\",\"name\":\"y\"|400|-32600",
                "\"id\":1|\"id\":null|400|-32600",
                "\"id\":1|\"id\":1.5|400|-32600",
                "\"id\":1|\"id\":{}|400|-32600",
                "\"id\":1|\"id\":1,\"id\":2|400|-32600",
                "\"jsonrpc\":\"2.0\"|\"jsonrpc\":\"1.0\"|400|-32600",
                "\"jsonrpc\":\"2.0\",||400|-32600",
                "\"method\":\"tools/call\"|\"method\":7|400|-32600",
                "^(.*)$|[$1]|400|-32600",
                "^.*$|[]|400|-32600",
                "^.*$|7|400|-32600",
                "^(.*)$|$1$1|400|-32700",
                "}}}}$|}}}|400|-32700",
                "^.*$|{|400|-32700",
                "\"eu\"|\"\u0001\"|400|-32700",
                // What the headers say is not in the arguments.
                "\"region\":\"eu\"||400|-32020",
                "\"region\":\"eu\"|\"region\":null|400|-32020",
                "\"region\":\"eu\"|\"region\":[\"eu\"]|400|-32020",
                "\"region\":\"eu\"|\"region\":{}|400|-32020",
                "\"region\":\"eu\"|\"REGION\":\"eu\"|400|-32020"
            })
    void aBodyThatIsIncompleteContradictoryOrNone(String part, String instead, int status, String code) {
        String body = BODY.replaceFirst(part, instead == null ? "" : instead);
        assertFalse(body.equals(BODY), "nothing was spoiled");
        isRefused(send(HEADERS, body), status, code);
    }

    @Test
    void aRevisionThatIsNotSpokenIsNamedTogetherWithThoseThatAre() {
        List<String> headers = new ArrayList<>(HEADERS);
        headers.set(2, "MCP-Protocol-Version: 2027-01-01");
        RawClient.Reply reply = send(headers, BODY.replace("2026-07-28", "2027-01-01"));
        isRefused(reply, 400, "-32022");
        JsonText data = JsonText.of(reply.body()).at("/error/data").orElseThrow();
        assertEquals("[\"2026-07-28\"]", data.member("supported").orElseThrow().toString());
        assertEquals("\"2027-01-01\"", data.member("requested").orElseThrow().toString());
    }

    @Test
    void aRequestWithoutAnIdIsANotificationAndDoesNothing() {
        assertEquals(202, send(HEADERS, BODY.replace("\"id\":1,", "")).status());
        assertEquals(0, harness.hub.dispatched());
    }
}
