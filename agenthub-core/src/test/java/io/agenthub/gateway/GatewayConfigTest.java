package io.agenthub.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.ConfigurationException;
import io.agenthub.api.Settings;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class GatewayConfigTest {
    private static Map<String, Object> everything() {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("host", "192.168.0.7");
        settings.put("port", 8080);
        settings.put("token", "abc-._~+/12==");
        settings.put("allowedHosts", List.of("hub.example", "box:1"));
        settings.put("allowedOrigins", List.of("https://app.example"));
        settings.put("maxConnections", 7);
        settings.put("maxLineBytes", "1KiB");
        settings.put("maxHeaderBytes", "2KiB");
        settings.put("maxHeaders", 9);
        settings.put("maxBodyBytes", "16MiB");
        settings.put("maxBufferedBytes", "1GiB");
        settings.put("headerTimeout", "1s");
        settings.put("bodyTimeout", "2s");
        settings.put("idleTimeout", "3m");
        settings.put("writeStallTimeout", "4s");
        settings.put("drainTimeout", 0);
        return settings;
    }

    @Test
    void everyOptionCanBeSetInAFile() {
        GatewayConfig config = GatewayConfig.from(Settings.of("gateway", everything()));

        GatewayConfig expected = new GatewayConfig(
                "192.168.0.7",
                8080,
                Optional.of("abc-._~+/12=="),
                List.of("hub.example", "box:1"),
                List.of("https://app.example"),
                7,
                1_024,
                2_048,
                9,
                16 << 20,
                1L << 30,
                Duration.ofSeconds(1),
                Duration.ofSeconds(2),
                Duration.ofMinutes(3),
                Duration.ofSeconds(4),
                Duration.ZERO);
        assertEquals(expected, config);
        assertEquals(expected, config.toBuilder().build());
    }

    @Test
    void everyComponentIsAKey() {
        Set<String> components = Arrays.stream(GatewayConfig.class.getRecordComponents())
                .map(java.lang.reflect.RecordComponent::getName)
                .collect(Collectors.toSet());

        assertEquals(components, everything().keySet());
    }

    @Test
    void theDefaultsAreThoseOfTheDocumentation() {
        GatewayConfig config = GatewayConfig.from(Settings.empty("gateway"));

        assertEquals(GatewayConfig.builder().build(), config);
        assertEquals("127.0.0.1", config.host());
        assertEquals(9_090, config.port());
        assertEquals(Optional.empty(), config.token());
        assertEquals(512, config.maxConnections());
        assertEquals(4 << 10, config.maxLineBytes());
        assertEquals(8 << 10, config.maxHeaderBytes());
        assertEquals(100, config.maxHeaders());
        assertEquals(4 << 20, config.maxBodyBytes());
        assertEquals(Duration.ofSeconds(5), config.headerTimeout());
        assertEquals(Duration.ofSeconds(10), config.bodyTimeout());
        assertEquals(Duration.ofSeconds(60), config.idleTimeout());
        assertEquals(Duration.ofSeconds(30), config.writeStallTimeout());
        assertEquals(Duration.ofSeconds(10), config.drainTimeout());
    }

    @Test
    void aKeyThatIsNoneIsRefusedWithTheNearestOne() {
        ConfigurationException refusal = assertThrows(
                ConfigurationException.class,
                () -> GatewayConfig.from(Settings.of("gateway", Map.of("maxBodySize", 1))));

        assertEquals("gateway.maxBodySize", refusal.path());
        assertTrue(refusal.getMessage().contains("maxBodyBytes"), refusal.getMessage());
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                row("host", config -> config.host(" ")),
                row("port", config -> config.port(-1)),
                row("port", config -> config.port(65_536)),
                row("maxConnections", config -> config.maxConnections(0)),
                row("maxLineBytes", config -> config.maxLineBytes(63)),
                row("maxHeaderBytes", config -> config.maxHeaderBytes(255)),
                row("maxHeaders", config -> config.maxHeaders(3)),
                row("maxBodyBytes", config -> config.maxBodyBytes(0)),
                row("maxBodyBytes", config -> config.maxBodyBytes(Integer.MAX_VALUE)),
                row("maxBufferedBytes", config -> config.maxBufferedBytes(0)),
                row("headerTimeout", config -> config.headerTimeout(Duration.ZERO)),
                row("bodyTimeout", config -> config.bodyTimeout(Duration.ofDays(2))),
                row("idleTimeout", config -> config.idleTimeout(Duration.ofSeconds(-1))),
                row("writeStallTimeout", config -> config.writeStallTimeout(Duration.ofNanos(1))),
                row("drainTimeout", config -> config.drainTimeout(Duration.ofHours(2))),
                row("allowedHosts", config -> config.allowedHosts(List.of("http://hub.example"))),
                row("allowedHosts", config -> config.allowedHosts(List.of("user@hub.example"))),
                row("allowedOrigins", config -> config.allowedOrigins(List.of("null"))),
                row("allowedOrigins", config -> config.allowedOrigins(List.of("*"))),
                row("allowedOrigins", config -> config.allowedOrigins(List.of("https://app.example/"))),
                row("allowedOrigins", config -> config.allowedOrigins(List.of("app.example"))));
    }

    private static Arguments row(String name, Consumer<GatewayConfig.Builder> change) {
        return Arguments.of(name, change);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrong")
    void whatIsOutOfRangeIsRefusedByName(String name, Consumer<GatewayConfig.Builder> change) {
        GatewayConfig.Builder builder = GatewayConfig.builder();
        change.accept(builder);

        ConfigurationException refusal = assertThrows(ConfigurationException.class, builder::build);

        assertEquals("gateway." + name, refusal.path());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t", "a b", "tökén", "a\nb", "=x=y", "a\"b"})
    void aTokenThatIsEmptyOrCannotTravelIsRefused(String token) {
        GatewayConfig.Builder builder = GatewayConfig.builder().token(token);

        ConfigurationException refusal = assertThrows(ConfigurationException.class, builder::build);

        assertEquals("gateway.token", refusal.path());
        assertTrue(token.isBlank() || !refusal.getMessage().contains(token), refusal.getMessage());
    }

    @Test
    void theTokenIsNotPartOfTheText() {
        String text = GatewayConfig.builder().token("s3cr3t-s3cr3t").build().toString();

        assertFalse(text.contains("s3cr3t"), text);
    }

    @Test
    void whatIsOutOfRangeInAFileIsNamedAsItStandsThere() {
        for (Map.Entry<String, Object> wrong : Map.<String, Object>of(
                        "maxHeaderBytes",
                        1,
                        "maxBodyBytes",
                        "2GiB",
                        "idleTimeout",
                        0,
                        "drainTimeout",
                        "2h",
                        "host",
                        " ",
                        "token",
                        "not a token",
                        "allowedOrigins",
                        List.of("x"),
                        "port",
                        70_000)
                .entrySet()) {
            Settings section = Settings.of("agenthub.gateway", Map.of(wrong.getKey(), wrong.getValue()))
                    .readFrom(place -> " (file, line 7)");
            ConfigurationException refusal =
                    assertThrows(ConfigurationException.class, () -> GatewayConfig.from(section));
            assertEquals("agenthub.gateway." + wrong.getKey(), refusal.path());
            assertTrue(refusal.getMessage().endsWith(" (file, line 7)"), refusal.getMessage());
        }
    }

    @Test
    void aSizeThatIsTooLargeIsToldAsItWasMeant() {
        ConfigurationException refusal = assertThrows(
                ConfigurationException.class,
                () -> GatewayConfig.from(Settings.of("gateway", Map.of("maxBodyBytes", "2GiB"))));
        assertTrue(refusal.getMessage().contains("is 2147483648,"), refusal.getMessage());
    }
}
