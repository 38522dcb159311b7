package io.agenthub.api.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.agenthub.api.ConfigurationException;
import io.agenthub.api.Settings;
import io.agenthub.api.server.ServerSpec;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class HubConfigTest {
    private static void refused(String path, Executable making) {
        assertEquals(path, assertThrows(ConfigurationException.class, making).path());
    }

    @Test
    void everyDefaultIsTheDocumentedOne() {
        HubConfig config = HubConfig.builder().build();
        assertEquals(65_536, config.maxInFlight());
        assertEquals(Runtime.getRuntime().maxMemory() / 4, config.maxInFlightBytes());
        assertEquals(Duration.ofSeconds(10), config.drainTimeout());
        assertEquals("backoff", config.supervisor().provider());
        assertEquals("none", config.enhancer().provider());
        assertEquals("caffeine", config.enhancementCache().provider());
        assertEquals("none", config.activity().provider());
        assertEquals(0, config.servers().size() + config.sections().size());
    }

    @Test
    void aConfigurationCanBeTakenUpAgain() {
        HubConfig config = HubConfig.builder()
                .server(ServerSpec.stdio("a", "x").build())
                .server(ServerSpec.stdio("b", "x").build())
                .maxInFlight(1)
                .maxInFlightBytes(1_024)
                .drainTimeout(Duration.ZERO)
                .supervisor(PartChoice.of("s"))
                .enhancer(new PartChoice("e", Settings.of("e", Map.of("k", 1))))
                .enhancementCache(PartChoice.of("c"))
                .activity(PartChoice.of("a"))
                .section("gateway", Settings.empty("gateway"))
                .build();
        assertEquals(config, config.toBuilder().build());
    }

    @Test
    void twoServersOfOneNameAreRefused() {
        ServerSpec spec = ServerSpec.stdio("a", "x").build();
        refused("servers.a", () -> HubConfig.builder().server(spec).server(spec).build());
    }

    @Test
    void boundsOutOfRangeAreNamed() {
        refused("maxInFlight", () -> HubConfig.builder().maxInFlight(0).build());
        refused(
                "maxInFlightBytes",
                () -> HubConfig.builder().maxInFlightBytes(1_023).build());
        refused(
                "drainTimeout",
                () -> HubConfig.builder().drainTimeout(Duration.ofSeconds(-1)).build());
        refused(
                "drainTimeout",
                () -> HubConfig.builder().drainTimeout(Duration.ofHours(2)).build());
    }

    @Test
    void nothingMayBeNull() {
        assertThrows(NullPointerException.class, () -> HubConfig.builder().server(null));
        assertThrows(
                NullPointerException.class,
                () -> HubConfig.builder().enhancer(null).build());
        assertThrows(NullPointerException.class, () -> PartChoice.of(null));
    }
}
