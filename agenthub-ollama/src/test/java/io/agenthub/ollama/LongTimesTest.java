package io.agenthub.ollama;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.ConfigurationException;
import io.agenthub.api.Promise;
import io.agenthub.tck.Await;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Times longer than clocks can count. */
class LongTimesTest extends EnhancerTest {
    private static final Duration FOREVER = ChronoUnit.FOREVER.getDuration();

    @Test
    void aTimeoutThatNoClockCanMeasureIsRefusedWhereItIsSet() {
        OllamaClient client = client();

        assertThrows(
                IllegalArgumentException.class, () -> OllamaClient.builder().timeout(FOREVER));
        assertThrows(
                IllegalArgumentException.class,
                () -> ask("why?").timeout(FOREVER).build());
        assertThrows(IllegalArgumentException.class, () -> client.pull(MODEL, FOREVER, progress -> Promise.done()));
        assertEquals(
                "Improved: why?",
                Await.value(client.chat(
                                ask("why?").timeout(Duration.ofDays(36_500)).build()))
                        .text());
    }

    @Test
    void aModelThatIsKeptForeverIsKeptForever() {
        Await.value(client().chat(ask("why?").keepAlive(FOREVER).build()));

        assertEquals(
                "-1",
                ollama.requests().get(0).json().at("/keep_alive").orElseThrow().toString());
    }

    @Test
    void settingsThatNoClockCanMeasureAreRefusedByName() {
        refused("semantic.maxAge", Map.of("semantic", Map.of("model", "m", "maxAge", "200000d")));
        refused("semantic.timeout", Map.of("semantic", Map.of("model", "m", "timeout", "200000d")));
        refused("breaker.openFor", Map.of("breaker", Map.of("openFor", "200000d")));
    }

    private void refused(String name, Map<String, ?> settings) {
        ConfigurationException refusal = assertThrows(ConfigurationException.class, () -> enhancer(settings));
        assertTrue(refusal.getMessage().contains(name), refusal.getMessage());
    }
}
