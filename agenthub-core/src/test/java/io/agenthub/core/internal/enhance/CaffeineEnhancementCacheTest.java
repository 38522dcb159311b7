package io.agenthub.core.internal.enhance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.ConfigurationException;
import io.agenthub.api.Promise;
import io.agenthub.api.Settings;
import io.agenthub.api.enhance.Enhancement;
import io.agenthub.api.enhance.EnhancementCache;
import io.agenthub.api.enhance.EnhancementKey;
import io.agenthub.api.spi.EnhancementCacheProvider;
import io.agenthub.api.spi.ProviderContext;
import io.agenthub.tck.Await;
import io.agenthub.tck.EnhancementCacheTck;
import io.agenthub.tck.ManualScheduler;
import io.agenthub.tck.TckContext;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class CaffeineEnhancementCacheTest extends EnhancementCacheTck {
    private static final EnhancementKey KEY = new EnhancementKey(Optional.empty(), "model", "rule", "text");

    private final ManualScheduler time = new ManualScheduler();

    private static EnhancementCacheProvider provider() {
        return ServiceLoader.load(EnhancementCacheProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.name().equals("caffeine"))
                .findFirst()
                .orElseThrow();
    }

    @Override
    protected EnhancementCache create(ProviderContext context) {
        return provider().create(Settings.empty("cache"), context);
    }

    private EnhancementCache cache(Map<String, ?> settings) {
        return provider().create(Settings.of("cache", settings), TckContext.manual(time));
    }

    private static Enhancement get(EnhancementCache cache, String made) {
        return Await.value(cache.get(KEY, () -> Promise.succeeded(Enhancement.made(made, "model"))));
    }

    @Test
    void anImprovementIsKeptForTwoHoursAndNoLonger() {
        EnhancementCache cache = cache(Map.of());
        get(cache, "first");

        time.advance(Duration.ofHours(2).minusSeconds(1));
        assertEquals("first", get(cache, "second").text());
        time.advance(Duration.ofSeconds(1));
        assertEquals("second", get(cache, "second").text());
    }

    @Test
    void ageAndSizeAreSettings() {
        EnhancementCache cache = cache(Map.of("maxAge", "10s", "maxBytes", "2KiB"));
        get(cache, "first");
        time.advance(Duration.ofSeconds(10));
        assertEquals("second", get(cache, "second").text());

        cache.put(KEY, Enhancement.made("x".repeat(2_000), "model"));

        assertTrue(cache.stats().weightBytes() <= 2_048);
        assertEquals(2_048, cache.stats().maxWeightBytes());
    }

    @Test
    void settingsThatMeanNothingAreRefusedWithTheirPlace() {
        for (Map<String, ?> wrong : java.util.List.of(
                Map.of("maxByte", 1),
                Map.of("maxBytes", 1),
                Map.of("maxBytes", "2TiB"),
                Map.of("maxAge", "1ms"),
                Map.of("maxAge", "31d"))) {
            ConfigurationException refusal = assertThrows(ConfigurationException.class, () -> cache(wrong));
            assertTrue(refusal.path().startsWith("cache."), refusal.path());
        }
    }

    @Test
    void closedItKeepsNothingAndStillLoads() {
        EnhancementCache cache = cache(Map.of());
        get(cache, "first");

        cache.close();

        assertEquals("second", get(cache, "second").text());
        assertEquals("third", get(cache, "third").text());
    }
}
