package io.agenthub.ollama;

import io.agenthub.api.Promise;
import io.agenthub.api.Scheduler;
import io.agenthub.api.breaker.Breaker;
import io.agenthub.api.enhance.EnhancedPrompt;
import io.agenthub.api.enhance.Enhancement;
import io.agenthub.api.enhance.EnhancementCache;
import io.agenthub.api.enhance.EnhancementKey;
import io.agenthub.api.enhance.EnhancementListener;
import io.agenthub.api.enhance.EnhancementRule;
import io.agenthub.api.enhance.EnhancementRules;
import io.agenthub.api.enhance.Enhancer;
import io.agenthub.api.enhance.EnhancerStats;
import io.agenthub.api.enhance.ModelInfo;
import io.agenthub.api.enhance.Prompt;
import io.agenthub.api.spi.ProviderContext;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Improves prompts with models of one Ollama, or of a server that speaks the OpenAI style. Thread-safe; never blocks.
 *
 * <p>A prompt is improved by the rule of its client, from the cache or by the first model of the rule's chain that helps, and
 * passed through when that takes longer than the time budget, when anything fails, and when there is any doubt about what a
 * model wrote: when it is empty, cut, too long, or nothing but reasoning. A model that is asked in vain within the budget may go
 * on for a while, so that the cache has the answer next time, and so that a model has time to be loaded.
 */
public final class OllamaEnhancer implements Enhancer {
    private static final Logger log = LoggerFactory.getLogger(OllamaEnhancer.class);

    private final OllamaClient client;
    private final EnhancerConfig config;
    private final RulesSource rules;
    private final Optional<EnhancementCache> cache;
    private final ModelBreaker breaker;
    private final ModelCalls calls;
    private final VersionCheck versionCheck;
    private final Scheduler scheduler;
    private final Executor executor;
    private volatile Tally tally = new Tally();
    private volatile boolean closed;

    OllamaEnhancer(
            OllamaClient client,
            EnhancerConfig config,
            RulesSource rules,
            Optional<EnhancementCache> cache,
            ModelBreaker breaker,
            VersionCheck versionCheck,
            ProviderContext context) {
        this.client = client;
        this.config = config;
        this.rules = rules;
        this.cache = cache;
        this.breaker = breaker;
        this.versionCheck = versionCheck;
        this.scheduler = context.scheduler();
        this.executor = context.executor();
        this.calls = new ModelCalls(client, config, breaker, executor);
    }

    /**
     * Begins an enhancer.
     *
     * @param client the client it will use, and close with itself
     * @param context what a hub lends; its shared {@link EnhancementCache}, if there is one, is used and not closed
     * @return a builder with every default
     */
    public static OllamaEnhancerBuilder builder(OllamaClientBuilder client, ProviderContext context) {
        return new OllamaEnhancerBuilder(client, context);
    }

    @Override
    public CompletionStage<EnhancedPrompt> enhance(Prompt prompt) {
        Improvement improvement = new Improvement(Objects.requireNonNull(prompt), tally, executor);
        begin(improvement, null);
        return improvement;
    }

    @Override
    public CompletionStage<EnhancedPrompt> enhance(Prompt prompt, EnhancementListener listener) {
        Objects.requireNonNull(listener);
        Improvement improvement = new Improvement(Objects.requireNonNull(prompt), tally, executor);
        begin(improvement, new Preview(listener, improvement::isDecided));
        return improvement;
    }

    private void begin(Improvement improvement, @Nullable Preview preview) {
        if (refuse(improvement)) {
            return;
        }
        CompletionStage<Void> ready = rules.ready();
        if (ready.toCompletableFuture().isDone()) {
            ask(improvement, preview);
        } else {
            // Completes on the thread that reads the rules, which has its own work to do.
            ready.whenCompleteAsync((nothing, failure) -> ask(improvement, preview), executor);
        }
        // What the cache had is decided by now, and needs no clock.
        if (!improvement.isDecided()) {
            Duration budget = improvement.prompt().budget().orElse(config.timeBudget());
            improvement.within(budget.compareTo(config.timeBudget()) < 0 ? budget : config.timeBudget(), scheduler);
        }
    }

    /** Passes through what need not, or cannot, be improved. */
    private boolean refuse(Improvement improvement) {
        Prompt prompt = improvement.prompt();
        if (closed) {
            improvement.pass(PassReason.CLOSED, "the enhancer is closed");
        } else if (prompt.text().isBlank()) {
            improvement.pass(PassReason.EMPTY, "the prompt is empty");
        } else if (prompt.text().length() > config.maxPromptChars()) {
            improvement.pass(
                    PassReason.TOO_LONG,
                    "the prompt is longer than maxPromptChars, which is " + config.maxPromptChars());
        } else if (!Texts.isWellFormed(prompt.text())) {
            improvement.pass(PassReason.NOT_TEXT, "the prompt holds half a character");
        }
        return improvement.isDecided();
    }

    private void ask(Improvement improvement, @Nullable Preview preview) {
        EnhancementRules current = rules.rules();
        Optional<EnhancementRule> rule = current.rule(improvement.prompt().client());
        if (rule.isEmpty()) {
            improvement.pass(
                    PassReason.NO_RULES,
                    "there are no rules: " + current.problem().orElse("none are configured"));
        } else if (!rule.get().enabled()) {
            improvement.pass(PassReason.DISABLED, "the client's rule is switched off");
        } else if (!improvement.isDecided()) {
            try {
                improvement.ask(rule.get(), (model, how) -> attempt(improvement.prompt(), model, how, preview));
            } catch (RuntimeException | Error e) {
                log.atError().setCause(e).log("A fault of the enhancer or its cache; the prompt is passed through");
                improvement.pass(PassReason.FAILED, "a fault of the enhancer");
            }
        }
    }

    private CompletionStage<Enhancement> attempt(
            Prompt prompt, String model, EnhancementRule rule, @Nullable Preview preview) {
        EnhancementKey key = new EnhancementKey(prompt.client(), model, rule.version(), prompt.text());
        if (cache.isEmpty()) {
            return improve(key, rule, preview);
        }
        if (!prompt.bypassCache()) {
            return cache.get().get(key, () -> improve(key, rule, preview));
        }
        // A step of its own, not a dependent beside the caller's: those run in any order, and the caller may ask again
        // at once.
        return Promise.chain(improve(key, rule, preview), enhancement -> {
            cache.get().put(key, enhancement);
            return Promise.succeeded(enhancement);
        });
    }

    private CompletionStage<Enhancement> improve(EnhancementKey key, EnhancementRule rule, @Nullable Preview preview) {
        CompletionStage<Enhancement> improving = calls.improve(key.text(), key.model(), rule, preview);
        improving.whenComplete((enhancement, failure) -> {
            if (failure == null) {
                versionCheck.once();
            }
        });
        return improving;
    }

    @Override
    public EnhancementRules rules() {
        return rules.rules();
    }

    @Override
    public CompletionStage<List<ModelInfo>> models() {
        return client.models();
    }

    @Override
    public EnhancerStats stats() {
        Tally counted = tally;
        return new EnhancerStats(
                counted.enhanced(),
                counted.cached(),
                counted.passedThrough(),
                calls.inFlight(),
                cache.map(EnhancementCache::stats));
    }

    @Override
    public Optional<Breaker> breaker() {
        return Optional.of(breaker);
    }

    @Override
    public void reset() {
        breaker.reset();
        cache.ifPresent(EnhancementCache::clear);
        tally = new Tally();
    }

    /** Passes through what is under way and what comes later, reads the rules no more, and closes the client. */
    @Override
    public CompletionStage<Void> closeAsync() {
        closed = true;
        rules.stop();
        return client.closeAsync();
    }
}
