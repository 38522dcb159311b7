package io.agenthub.ollama;

import io.agenthub.api.breaker.BreakerPolicy;
import io.agenthub.api.enhance.EnhancementCache;
import io.agenthub.api.enhance.EnhancementRule;
import io.agenthub.api.enhance.EnhancementRules;
import io.agenthub.api.spi.ProviderContext;
import io.agenthub.ollama.internal.rules.RulesFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Collects an {@link OllamaEnhancer}. Not thread-safe. */
public final class OllamaEnhancerBuilder {
    private final OllamaClientBuilder client;
    private final ProviderContext context;
    private EnhancementRules rules =
            new EnhancementRules(Optional.of(EnhancementRule.DEFAULT), Map.of(), "built in", Optional.empty());
    private @Nullable Path rulesFile;
    private Duration rulesInterval = Duration.ofSeconds(2);
    private Duration timeBudget = EnhancerConfig.DEFAULT.timeBudget();
    private Duration modelTimeout = EnhancerConfig.DEFAULT.modelTimeout();
    private int maxConcurrent = EnhancerConfig.DEFAULT.maxConcurrent();
    private int maxPromptChars = EnhancerConfig.DEFAULT.maxPromptChars();
    private int maxOutputChars = EnhancerConfig.DEFAULT.maxOutputChars();
    private Optional<Duration> keepAlive = Optional.empty();
    private BreakerPolicy breaker = EnhancerConfig.DEFAULT.breaker();
    private Optional<SemanticConfig> semantic = Optional.empty();

    OllamaEnhancerBuilder(OllamaClientBuilder client, ProviderContext context) {
        this.client = client.context(context);
        this.context = context;
    }

    /**
     * The rules.
     *
     * @param value by default {@link EnhancementRule#DEFAULT} for every client
     * @return this
     */
    public OllamaEnhancerBuilder rules(EnhancementRules value) {
        rules = Objects.requireNonNull(value);
        rulesFile = null;
        return this;
    }

    /**
     * A file with the rules, read again when it changes. While it has never held rules that can be used, every prompt is passed
     * through.
     *
     * @param file an {@code enhancement-rules.json}
     * @param interval how often to look, 100 ms or more; 2 s unless there is a reason
     * @return this
     * @throws IllegalArgumentException if the interval is too short
     */
    public OllamaEnhancerBuilder rulesFile(Path file, Duration interval) {
        if (interval.compareTo(Duration.ofMillis(100)) < 0) {
            throw new IllegalArgumentException("rulesInterval is " + interval + ", must be at least 100 ms");
        }
        rulesFile = Objects.requireNonNull(file);
        rulesInterval = interval;
        return this;
    }

    /**
     * How long a caller waits before the original is passed through. A prompt may bring a shorter time.
     *
     * @param value 1 ms to 5 min; default 2 s
     * @return this
     */
    public OllamaEnhancerBuilder timeBudget(Duration value) {
        timeBudget = value;
        return this;
    }

    /**
     * How long a model may work on a prompt, also after its caller has stopped waiting. What it writes then is kept in the cache.
     *
     * @param value 1 ms to 10 min; default 30 s, which is time enough to load most models
     * @return this
     */
    public OllamaEnhancerBuilder modelTimeout(Duration value) {
        modelTimeout = value;
        return this;
    }

    /**
     * How many prompts are with models at once; one more is passed through at once.
     *
     * @param value 1 to 1,024; default 4
     * @return this
     */
    public OllamaEnhancerBuilder maxConcurrent(int value) {
        maxConcurrent = value;
        return this;
    }

    /**
     * The longest prompt to improve; a longer one is passed through.
     *
     * @param value 1 to 16,777,216 characters; default 32,768
     * @return this
     */
    public OllamaEnhancerBuilder maxPromptChars(int value) {
        maxPromptChars = value;
        return this;
    }

    /**
     * The longest improvement to use.
     *
     * @param value 1 to 16,777,216 characters; default 32,768
     * @return this
     */
    public OllamaEnhancerBuilder maxOutputChars(int value) {
        maxOutputChars = value;
        return this;
    }

    /**
     * How long models stay loaded after a prompt.
     *
     * @param value zero unloads at once, negative keeps for ever; by default the server decides
     * @return this
     */
    public OllamaEnhancerBuilder keepAlive(Duration value) {
        keepAlive = Optional.of(value);
        return this;
    }

    /**
     * When models are not asked any more for a while.
     *
     * @param value default {@link BreakerPolicy#DEFAULT}
     * @return this
     */
    public OllamaEnhancerBuilder breaker(BreakerPolicy value) {
        breaker = Objects.requireNonNull(value);
        return this;
    }

    /**
     * Also uses improvements made for prompts of much the same meaning. Off by default: two prompts that mean nearly the same may
     * differ in the one word that matters. Works on top of a lent {@link EnhancementCache} only.
     *
     * @param value which embedding model, and how close is close enough
     * @return this
     */
    public OllamaEnhancerBuilder semantic(SemanticConfig value) {
        semantic = Optional.of(value);
        return this;
    }

    /**
     * Makes the enhancer. Asks no model yet.
     *
     * @return the enhancer, to be closed
     * @throws IllegalArgumentException if a value is out of range, or the server is on another machine and that was not allowed
     */
    public OllamaEnhancer build() {
        EnhancerConfig config = new EnhancerConfig(
                timeBudget, modelTimeout, maxConcurrent, maxPromptChars, maxOutputChars, keepAlive, breaker);
        OllamaClient made = client.build();
        ModelBreaker guard = new ModelBreaker(breaker, context.scheduler());
        return new OllamaEnhancer(
                made,
                config,
                rulesSource(),
                cache(made, guard),
                guard,
                new VersionCheck(made, client.apiStyle()),
                context);
    }

    private Optional<EnhancementCache> cache(OllamaClient made, ModelBreaker guard) {
        Optional<EnhancementCache> lent = context.shared(EnhancementCache.class);
        return lent.map(exact -> semantic.isEmpty()
                ? exact
                : new SemanticCache(exact, made, guard, semantic.get(), context.scheduler(), context.executor()));
    }

    private RulesSource rulesSource() {
        return rulesFile == null
                ? RulesSource.fixed(rules)
                : RulesSource.file(new RulesFile(rulesFile, context.scheduler(), rulesInterval));
    }
}
