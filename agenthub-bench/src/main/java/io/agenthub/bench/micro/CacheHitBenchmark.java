package io.agenthub.bench.micro;

import io.agenthub.api.Promise;
import io.agenthub.api.Scheduler;
import io.agenthub.api.Settings;
import io.agenthub.api.enhance.EnhancedPrompt;
import io.agenthub.api.enhance.Enhancement;
import io.agenthub.api.enhance.EnhancementCache;
import io.agenthub.api.enhance.EnhancementKey;
import io.agenthub.api.enhance.EnhancementRule;
import io.agenthub.api.enhance.EnhancementRules;
import io.agenthub.api.enhance.Enhancer;
import io.agenthub.api.enhance.Prompt;
import io.agenthub.api.spi.ProviderContext;
import io.agenthub.core.HubResources;
import io.agenthub.core.internal.enhance.CaffeineEnhancementCacheProvider;
import io.agenthub.ollama.OllamaClient;
import io.agenthub.ollama.OllamaEnhancer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does it cost to find an improved prompt in the cache, and to be answered with it by the whole enhancer?
 *
 * <p>Baselines: the digest that the cache files it under, and a lookup of that digest in a plain map. No model is running; an
 * enhancer that asked for one would pass the prompt through, which fails the run.
 *
 * <p>{@code java -jar agenthub-bench/target/benchmarks.jar CacheHitBenchmark}
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@State(Scope.Benchmark)
public class CacheHitBenchmark {
    /** Length of the prompt in characters. */
    @Param({"100", "10000"})
    public int promptLength;

    private final HubResources resources = HubResources.create();
    private final EnhancementCache cache = new CaffeineEnhancementCacheProvider()
            .create(Settings.empty("cache"), new Lent(resources, Optional.empty()));
    private final Enhancer enhancer = OllamaEnhancer.builder(
                    OllamaClient.builder(), new Lent(resources, Optional.of(cache)))
            .rules(new EnhancementRules(Optional.of(EnhancementRule.DEFAULT), Map.of(), "bench", Optional.empty()))
            .build();
    private final Enhancement enhancement = Enhancement.made("An improved prompt", "bench");
    private final Map<String, Enhancement> map = new ConcurrentHashMap<>();
    private EnhancementKey key = new EnhancementKey(Optional.empty(), "bench", "1", "");
    private Prompt prompt = Prompt.of("");

    /** Fills the cache. */
    @Setup
    public void fill() {
        EnhancementRule rule = EnhancementRule.DEFAULT;
        prompt = Prompt.of("x".repeat(promptLength)).from("bench");
        key = new EnhancementKey(prompt.client(), rule.model(), rule.version(), prompt.text());
        cache.put(key, enhancement);
        map.put(key.digest(), enhancement);
    }

    /** Closes it. */
    @TearDown
    public void close() {
        enhancer.close();
        cache.close();
        resources.close();
    }

    /**
     * Baseline: the digest alone.
     *
     * @return the digest
     */
    @Benchmark
    public String digest() {
        return key.digest();
    }

    /**
     * Baseline: the digest, and a map.
     *
     * @return what was found
     */
    @Benchmark
    public @Nullable Enhancement plainMap() {
        return map.get(key.digest());
    }

    /**
     * The cache.
     *
     * @return what was found
     */
    @Benchmark
    public CompletionStage<Enhancement> hit() {
        return cache.get(key, () -> Promise.succeeded(enhancement));
    }

    /**
     * The enhancer: the rule, the time budget, the cache, and the answer.
     *
     * @return what was found
     */
    @Benchmark
    public EnhancedPrompt enhanced() {
        EnhancedPrompt answer = enhancer.enhance(prompt).toCompletableFuture().join();
        if (!answer.wasEnhanced()) {
            throw new IllegalStateException(answer.toString());
        }
        return answer;
    }

    /** What a hub would lend to the cache and the enhancer. */
    private record Lent(HubResources resources, Optional<EnhancementCache> cache) implements ProviderContext {
        @Override
        public Scheduler scheduler() {
            return resources.scheduler();
        }

        @Override
        public Executor executor() {
            return Runnable::run;
        }

        @Override
        public Optional<Path> dataDirectory() {
            return Optional.empty();
        }

        @Override
        public <T> Optional<T> shared(Class<T> type) {
            return type == EnhancementCache.class ? cache.map(type::cast) : resources.shared(type);
        }
    }
}
