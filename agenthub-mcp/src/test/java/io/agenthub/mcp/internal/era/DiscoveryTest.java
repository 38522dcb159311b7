package io.agenthub.mcp.internal.era;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.api.rpc.RpcResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DiscoveryTest {
    private static final String REVISION = "2026-07-28";

    private static Discovery.Finding discovered(String result) {
        return Discovery.read(new RpcResult(JsonText.of(result)), false);
    }

    private static Discovery.Finding refused(int code, String data, boolean again) {
        return Discovery.read(RpcError.of(code, "no", JsonText.of(data)), again);
    }

    @Test
    void theQuestionSaysOnlyWhichRevisionItIsAskedIn() {
        JsonText meta = Discovery.params(REVISION).member("_meta").orElseThrow();
        assertEquals(
                JsonText.quote(REVISION),
                meta.member("io.modelcontextprotocol/protocolVersion").orElseThrow());
        assertEquals(
                JsonText.EMPTY_OBJECT,
                meta.member("io.modelcontextprotocol/clientCapabilities").orElseThrow());
    }

    @Test
    void aServerThatNamesACommonRevisionIsModern() {
        Discovery.Modern modern = assertInstanceOf(
                Discovery.Modern.class,
                discovered(
                        "{\"supportedVersions\":[\"2999-01-01\",\"2026-07-28\",\"2025-11-25\"],\"instructions\":\"Do.\","
                                + "\"_meta\":{\"io.modelcontextprotocol/serverInfo\":{\"name\":\"n\",\"version\":\"1\"}}}"));
        assertEquals(REVISION, modern.info().protocolVersion());
        assertEquals("n", modern.info().name());
        assertEquals("1", modern.info().version());
        assertEquals("Do.", modern.info().instructions().orElseThrow());
        assertEquals(JsonText.EMPTY_OBJECT, modern.info().capabilities());
    }

    @Test
    void aServerThatNamesACommonRevisionInItsRefusalIsAskedAgainInThatButOnce() {
        String data = "{\"supported\":[\"2026-07-28\",\"2999-01-01\"]}";
        Discovery.AskAgain again = assertInstanceOf(Discovery.AskAgain.class, refused(-32022, data, false));
        assertEquals(REVISION, again.revision());
        Discovery.Strange strange = assertInstanceOf(Discovery.Strange.class, refused(-32022, data, true));
        assertTrue(strange.why().contains("keeps refusing MCP 2026-07-28"), strange.why());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"supported\":[\"2999-01-01\"]}", "{\"supported\":[\"2025-11-25\"]}"})
    void aServerWithoutACommonRevisionIsModernAndStrange(String data) {
        Discovery.Strange strange = assertInstanceOf(Discovery.Strange.class, refused(-32022, data, false));
        assertTrue(strange.why().contains("\"legacy\""), strange.why());
        assertInstanceOf(Discovery.Strange.class, discovered("{\"supportedVersions\":[\"2999-01-01\"]}"));
    }

    @ParameterizedTest
    @ValueSource(ints = {-32601, -32602, -32600, -32000, 0, -32021})
    void anyOtherErrorIsThatOfALegacyServer(int code) {
        assertInstanceOf(Discovery.Legacy.class, refused(code, "{\"supported\":[\"2026-07-28\"]}", false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "\"hello\"", "{\"supported\":[]}", "{\"supported\":\"2026-07-28\"}"})
    void theCodeAloneProvesNothing(String data) {
        assertInstanceOf(Discovery.Legacy.class, refused(-32022, data, false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "7",
                "{\"supportedVersions\":{}}",
                "{\"supportedVersions\":[1]}",
                "{\"protocolVersion\":\"2025-11-25\"}",
                "{\"supportedVersions\":[\"2026-07-28\"],\"supportedVersions\":[]}"
            })
    void aResultThatNamesNoRevisionsIsThatOfALegacyServer(String result) {
        assertInstanceOf(Discovery.Legacy.class, discovered(result));
    }
}
