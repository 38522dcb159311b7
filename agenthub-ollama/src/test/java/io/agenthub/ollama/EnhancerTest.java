package io.agenthub.ollama;

import io.agenthub.api.Settings;
import io.agenthub.api.enhance.EnhancementCache;
import io.agenthub.api.enhance.EnhancementRule;
import io.agenthub.api.enhance.EnhancementRules;
import io.agenthub.api.enhance.Enhancer;
import io.agenthub.api.spi.EnhancerProvider;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;

/** A double, a context, a cache and enhancers for one test. */
abstract class EnhancerTest extends OllamaTest {
    final FakeCache cache = new FakeCache();

    static EnhancerProvider provider() {
        return ServiceLoader.load(EnhancerProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.name().equals("ollama"))
                .findFirst()
                .orElseThrow();
    }

    /** By settings, as a hub makes it. */
    final Enhancer enhancer(Map<String, ?> settings) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("baseUrl", ollama.url());
        all.putAll(settings);
        context.share(EnhancementCache.class, cache);
        return opened(provider().create(Settings.of("enhancer", all), context));
    }

    /** By its builder, with time enough for a loaded machine. */
    final OllamaEnhancerBuilder patient() {
        context.share(EnhancementCache.class, cache);
        return OllamaEnhancer.builder(builder(), context)
                .timeBudget(Duration.ofSeconds(20))
                .modelTimeout(Duration.ofSeconds(20));
    }

    static EnhancementRules rules(String... models) {
        return new EnhancementRules(Optional.of(rule(models)), Map.of(), "test", Optional.empty());
    }

    static EnhancementRule rule(String... models) {
        List<String> all = List.of(models);
        return new EnhancementRule(true, all.get(0), "Improve.", 0.3, 500, all.subList(1, all.size()));
    }
}
