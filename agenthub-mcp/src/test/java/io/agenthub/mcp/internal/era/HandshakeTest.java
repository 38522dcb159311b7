package io.agenthub.mcp.internal.era;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.bridge.ServerInfo;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.api.rpc.RpcResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HandshakeTest {
    private static ServerInfo accept(String result) throws RefusedException {
        return Handshake.accept(new RpcResult(JsonText.of(result)));
    }

    private static String refusal(String result) {
        return assertThrows(RefusedException.class, () -> accept(result)).getMessage();
    }

    @Test
    void theNewestLegacyRevisionIsOfferedUnderOurName() {
        JsonText offer = Handshake.offer(JsonText.of("{\"roots\":{},\"sampling\":{}}"), true);
        assertEquals(
                "\"2025-11-25\"", offer.member("protocolVersion").orElseThrow().toString());
        assertEquals("\"agenthub\"", offer.at("/clientInfo/name").orElseThrow().toString());
        String version =
                offer.at("/clientInfo/version").flatMap(JsonText::string).orElseThrow();
        assertTrue(version.matches("\\d+\\.\\d+\\.\\d+.*"), version);
        assertEquals(
                "{\"roots\":{},\"sampling\":{}}",
                offer.member("capabilities").orElseThrow().toString());
    }

    @Test
    void rootsAreOfferedOnlyToAServerThatIsTrustedWithThem() {
        JsonText offer = Handshake.offer(JsonText.of("{\"roots\":{},\"sampling\":{}}"), false);
        assertEquals(
                "{\"sampling\":{}}", offer.member("capabilities").orElseThrow().toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"})
    void theRevisionsUnderstoodAreAccepted(String revision) throws RefusedException {
        assertEquals(
                revision, accept("{\"protocolVersion\":\"" + revision + "\"}").protocolVersion());
    }

    @Test
    void anotherRevisionIsRefusedNamingBoth() {
        String message = refusal("{\"protocolVersion\":\"2026-07-28\"}");
        assertTrue(message.contains("2026-07-28") && message.contains("2025-11-25"), message);
    }

    @Test
    void anAnswerWithoutARevisionIsRefused() {
        assertTrue(refusal("{}").contains("protocolVersion"));
        assertTrue(refusal("{\"protocolVersion\":1}").contains("protocolVersion"));
        assertTrue(refusal("[]").contains("protocolVersion"));
        assertTrue(refusal("{\"protocolVersion\":\"2025-11-25\",\"protocolVersion\":\"x\"}")
                .contains("twice"));
    }

    @Test
    void anErrorIsRefusedWithItsMessage() {
        assertTrue(
                assertThrows(RefusedException.class, () -> Handshake.accept(RpcError.of(-32602, "no such era", null)))
                        .getMessage()
                        .contains("no such era (-32602)"));
    }

    @Test
    void whatAServerLeavesOutIsEmpty() throws RefusedException {
        ServerInfo info = accept("{\"protocolVersion\":\"2025-11-25\",\"capabilities\":7}");
        assertEquals("", info.name());
        assertEquals("", info.version());
        assertEquals(JsonText.EMPTY_OBJECT, info.capabilities());
        assertTrue(info.instructions().isEmpty());
    }
}
