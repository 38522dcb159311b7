package io.agenthub.api.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.ConfigurationException;
import io.agenthub.api.Settings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MonitorPolicyTest {
    private static MonitorPolicy from(Map<String, Object> values) {
        return MonitorPolicy.from(Settings.of("agenthub.monitor", values));
    }

    @Test
    void nothingWrittenMeansTheDefaults() {
        assertEquals(MonitorPolicy.DEFAULT, from(Map.of()));
        assertEquals(
                new MonitorPolicy(true, Duration.ofMillis(100), Duration.ofMillis(100), 1_000, 0.5, 100),
                MonitorPolicy.DEFAULT);
    }

    @Test
    void everyKeyIsRead() {
        assertEquals(
                new MonitorPolicy(false, Duration.ofSeconds(1), Duration.ofMillis(250), 5, 0.9, 7),
                from(Map.of(
                        "enabled",
                        false,
                        "interval",
                        "1s",
                        "maxLag",
                        "250ms",
                        "maxPending",
                        5L,
                        "maxLoopCpu",
                        0.9,
                        "maxClients",
                        7L)));
    }

    @ParameterizedTest
    @CsvSource({"interval, 1ms", "interval, 2h", "maxLag, 0s", "maxLag, 2h"})
    void spansOutOfRangeAreNamed(String key, String value) {
        ConfigurationException failure = assertThrows(ConfigurationException.class, () -> from(Map.of(key, value)));
        assertTrue(failure.path().endsWith("monitor." + key), failure.path());
    }

    @ParameterizedTest
    @CsvSource({
        "maxPending, 0",
        "maxPending, -1",
        "maxClients, -1",
        "maxClients, 10001",
        "maxLoopCpu, 0",
        "maxLoopCpu, 2"
    })
    void numbersOutOfRangeAreNamed(String key, long value) {
        ConfigurationException failure = assertThrows(ConfigurationException.class, () -> from(Map.of(key, value)));
        assertTrue(failure.path().endsWith("monitor." + key), failure.path());
    }

    @Test
    void anUnknownKeyIsNamedWithTheNearest() {
        ConfigurationException failure =
                assertThrows(ConfigurationException.class, () -> from(Map.of("maxLagg", "1s")));
        assertTrue(failure.getMessage().contains("maxLag"), failure.getMessage());
    }

    @Test
    void anAlertTellsInOneLineWhatIsWrong() {
        Alert alert = new Alert(Alert.Kind.LOOP_LAG, "agenthub-io-1", 0.3124, 0.1, Instant.EPOCH);
        assertEquals("LOOP_LAG of agenthub-io-1: 0.312 over 0.100", alert.describe());
    }

    @Test
    void aSnapshotKnowsEveryKindOfAlert() {
        assertEquals(
                List.of(Alert.Kind.values()),
                List.copyOf(MonitorSnapshot.NONE.alertsRaised().keySet()));
    }
}
