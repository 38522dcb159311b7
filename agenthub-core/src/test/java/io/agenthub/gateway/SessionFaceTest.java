package io.agenthub.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.rpc.JsonText;
import io.agenthub.gateway.McpClient.Answer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients of the revisions with sessions are promised: how a session begins and is recognized. */
class SessionFaceTest extends SessionFaceHarness {
    // ---- Beginning.
    @ParameterizedTest
    @CsvSource({
        "2024-11-05, 2024-11-05",
        "2025-03-26, 2025-03-26",
        "2025-06-18, 2025-06-18",
        "2025-11-25, 2025-11-25",
        "1999-01-01, 2025-11-25",
        "2026-07-28, 2025-11-25",
        "nonsense, 2025-11-25"
    })
    void initializeAgreesOnTheClientsVersionOrTheLatestWithSessions(String asked, String agreed) {
        JsonText answer = client().initialize(asked, "{}").json();

        assertEquals(
                "\"" + agreed + "\"",
                answer.at("/result/protocolVersion").orElseThrow().toString());
    }

    @Test
    void initializeTellsWhatTheServerSaysOfItselfWithoutTasks() {
        harness.one.capabilities = JsonText.of("{\"tools\":{\"listChanged\":true},\"tasks\":{}}");
        JsonText result =
                client().initialize("2025-11-25", "{}").json().member("result").orElseThrow();

        assertEquals(
                "{\"tools\":{\"listChanged\":true}}",
                result.member("capabilities").orElseThrow().toString());
        assertEquals("\"fake\"", result.at("/serverInfo/name").orElseThrow().toString());
        assertEquals("\"Be kind.\"", result.member("instructions").orElseThrow().toString());
    }

    @Test
    void aSessionIdIsVisibleAsciiAndNeverTheSame() {
        String first =
                client().initialize("2025-11-25", "{}").header("mcp-session-id").orElseThrow();
        String second =
                client().initialize("2025-11-25", "{}").header("mcp-session-id").orElseThrow();

        assertTrue(first.matches("[!-~]{32,}"), first);
        assertNotEquals(first, second);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{}", "{\"protocolVersion\":7}", "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":[]}"})
    void initializeWithoutItsParametersIsRefusedAndBeginsNothing(String params) {
        Answer answer = client().call("1", "initialize", params);

        assertTrue(answer.header("mcp-session-id").isEmpty());
        assertEquals("-32602", answer.at("/error/code"));
    }

    @Test
    void aSecondInitializeInASessionBeginsAnother() {
        McpClient client = session();
        Answer again = client.initialize("2025-06-18", "{}");

        assertEquals(200, again.status());
        assertTrue(again.header("mcp-session-id").isPresent());
    }

    @Test
    void anUnknownServerIsNotFound() {
        Answer answer = new McpClient(harness, "/mcp/three").initialize("2025-11-25", "{}");

        assertEquals(404, answer.status());
        assertEquals("\"UNKNOWN_SERVER\"", answer.at("/error/data/kind"));
    }

    // ---- Being recognized.
    @Test
    void aRequestWithoutASessionIsRefused() {
        Answer answer = client().call("1", "tools/list", "{}");

        assertEquals(400, answer.status());
        assertEquals("-32600", answer.at("/error/code"));
        assertEquals(0, harness.hub.dispatched());
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
    void anUnknownSessionIsNotFound(String id) {
        McpClient client = client().with("mcp-session-id", id);

        assertEquals(404, client.call("1", "tools/list", "{}").status());
        assertEquals(404, client.send("GET", null).status());
        assertEquals(404, client.send("DELETE", null).status());
        assertEquals(0, harness.hub.dispatched());
    }

    @Test
    void aSessionOfAnotherPrincipalIsNotFound() {
        McpClient client = client().with("authorization", "Bearer mine");
        client.initialize("2025-11-25", "{}");
        client.with("authorization", "Bearer yours");

        assertEquals(404, client.call("1", "tools/list", "{}").status());
        assertEquals(404, client.send("DELETE", null).status());
        assertEquals(
                200,
                client.with("authorization", "Bearer mine")
                        .call("1", "tools/list", "{}")
                        .status());
    }

    @Test
    void aSessionOfAnotherServerIsNotFound() {
        String id =
                client().initialize("2025-11-25", "{}").header("mcp-session-id").orElseThrow();
        McpClient other = new McpClient(harness, "/mcp/two").with("mcp-session-id", id);

        assertEquals(404, other.call("1", "tools/list", "{}").status());
        assertEquals(0, harness.hub.dispatched());
    }

    @Test
    void aSessionThatWasEndedIsNotFoundAnyMore() {
        McpClient client = session();

        assertEquals(204, client.send("DELETE", null).status());
        assertEquals(404, client.call("1", "tools/list", "{}").status());
        assertEquals(404, client.send("DELETE", null).status());
    }

    @ParameterizedTest
    @CsvSource({"2025-11-25, 200", "2025-06-18, 200", "1999-01-01, 400", "nonsense, 400"})
    void theVersionHeaderMustNameARevisionWithSessions(String version, int status) {
        McpClient client = session().with("mcp-protocol-version", version);

        assertEquals(status, client.call("1", "tools/list", "{}").status());
    }

    @Test
    void theVersionHeaderMayBeLeftOut() {
        assertEquals(200, session().call("1", "tools/list", "{}").status());
    }

    @ParameterizedTest
    @CsvSource({
        "application/json, 406",
        "text/event-stream, 406",
        "text/html, 406",
        "*/*, 200",
        "'application/*, text/*', 200",
        "'text/event-stream;q=0.5, APPLICATION/JSON', 200",
        "'Application/* ;q=1 ,, text/event-stream', 200",
        "'application/jsonl, text/event-stream', 406",
        "'application/json, text/event-streams, x/*', 406",
        "'application/json, , ;q=1,', 406"
    })
    void aPostMustTakeBothMediaTypes(String accept, int status) {
        McpClient client = session().with("accept", accept);

        assertEquals(status, client.call("1", "tools/list", "{}").status());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\"|-32700",
                "{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"ping\"}|-32600",
                "{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}|-32600",
                "{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"ping\"}|-32600",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":7}|-32600",
                "7|-32600",
                "[]|-32600",
                "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}]|-32600"
            })
    void whatIsNotOneMessageIsRefused(String body, String code) {
        Answer answer = session().post(body);

        assertEquals(400, answer.status());
        assertEquals(code, answer.at("/error/code"));
        assertEquals(0, harness.hub.dispatched());
    }
}
