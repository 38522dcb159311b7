package io.agenthub.mcp.internal.streamable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.ConfigurationException;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.api.spi.BridgeProvider;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The settings of servers that are reached over HTTP. */
class StreamableSettingsTest {
    private static StreamableSettings read(ServerSpec.Builder spec) {
        return StreamableSettings.read(spec.build());
    }

    private static ServerSpec.Builder spec(String url) {
        return ServerSpec.builder("far", "http").setting("url", url);
    }

    private static ConfigurationException refused(ServerSpec.Builder spec) {
        return assertThrows(ConfigurationException.class, () -> read(spec));
    }

    @Test
    void theProviderIsFoundByItsName() {
        assertTrue(ServiceLoader.load(BridgeProvider.class).stream()
                .anyMatch(provider -> provider.get().name().equals("http")));
    }

    @ParameterizedTest
    @CsvSource({
        "https://mcp.example.com/mcp, https://mcp.example.com/mcp, true",
        "HTTPS://MCP.Example.com:8443, https://mcp.example.com:8443/, true",
        "http://127.0.0.1:9/a?key=s3cret, http://127.0.0.1:9/a, false",
        "http://[::1]:9090/mcp, http://[::1]:9090/mcp, false",
        "http://localhost/mcp, http://localhost/mcp, false"
    })
    void anAddressIsUnderstoodAndShownWithoutItsQuery(String url, String shown, boolean secure) {
        StreamableSettings settings = read(spec(url));
        assertEquals(shown, settings.endpoint().toString());
        assertEquals(secure, settings.endpoint().secure());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://localhost/mcp",
                "localhost:8080/mcp",
                "https://user:pw@example.com/mcp",
                "https:///mcp",
                "http://localhost:99999/",
                "https://example.com/mcp#fragment",
                "https://exa mple.com/"
            })
    void whatIsNoAddressIsRefusedWithoutBeingShown(String url) {
        ConfigurationException failure = refused(spec(url));
        assertEquals("servers.far.url", failure.path());
        assertFalse(failure.getMessage().contains("pw@"), failure.getMessage());
    }

    @Test
    void plainHttpLeavesThisMachineOnlyIfThatIsAllowed() {
        assertTrue(refused(spec("http://10.0.0.7/mcp")).getMessage().contains("allowInsecure"));
        assertEquals(
                "http://10.0.0.7/mcp",
                read(spec("http://10.0.0.7/mcp").setting("allowInsecure", true))
                        .endpoint()
                        .toString());
    }

    @ParameterizedTest
    @CsvSource({
        "Host, x",
        "Content-Length, 5",
        "Transfer-Encoding, chunked",
        "Mcp-Session-Id, x",
        "Accept-Encoding, gzip",
        "'A B', x",
        "'', x"
    })
    void aHeaderThatTheBridgeItselfSetsOrThatIsNoneIsRefused(String name, String value) {
        refused(spec("https://example.com/").setting("headers", Map.of(name, value)));
    }

    @Test
    void aHeaderThatHoldsALineBreakIsRefusedWithoutBeingShown() {
        ConfigurationException failure =
                refused(spec("https://example.com/").setting("headers", Map.of("X-Key", "s3cret\r\nHost: evil")));
        assertFalse(failure.getMessage().contains("s3cret"), failure.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {" s3cret", "s3cret ", " "})
    void aHeaderThatBeginsOrEndsWithABlankIsRefusedWithoutBeingShown(String value) {
        ConfigurationException failure =
                refused(spec("https://example.com/").setting("headers", Map.of("X-Key", value)));
        assertEquals("servers.far.headers.X-Key", failure.path());
        assertTrue(failure.getMessage().contains("take the blank out"), failure.getMessage());
        assertFalse(failure.getMessage().contains("s3cret"), failure.getMessage());
    }

    @Test
    void headersAreNotShown() {
        StreamableSettings settings =
                read(spec("https://example.com/").setting("headers", Map.of("Authorization", "Bearer s3cret")));
        assertFalse(settings.toString().contains("s3cret"), settings.toString());
        assertTrue(settings.secrets().contains("s3cret"));
    }

    @Test
    void theTransportOf2024IsRefusedInWords() {
        assertTrue(refused(spec("https://example.com/sse").setting("type", "sse"))
                .getMessage()
                .contains("2024-11-05"));
    }
}
