package io.agenthub.api.enhance;

import io.agenthub.api.AsyncCloseable;
import io.agenthub.api.Promise;
import io.agenthub.api.breaker.Breaker;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Improves prompts. Thread-safe; never blocks. */
public interface Enhancer extends AsyncCloseable {

    /**
     * Improves a prompt, or passes it through within the enhancer's time budget.
     *
     * @param prompt the prompt
     * @return what to use. Does not fail because a model is slow, absent or wrong, nor because the enhancer is closed: the
     *     original is passed through then, with the reason
     */
    CompletionStage<EnhancedPrompt> enhance(Prompt prompt);

    /**
     * Improves a prompt as {@link #enhance(Prompt)} does, and shows the text while it grows.
     *
     * @param prompt the prompt
     * @param listener sees what the model writes; only a preview, since the outcome may still be the original
     * @return what to use. The default shows nothing before the outcome
     */
    default CompletionStage<EnhancedPrompt> enhance(Prompt prompt, EnhancementListener listener) {
        Objects.requireNonNull(listener);
        return enhance(prompt);
    }

    /**
     * The rules in force.
     *
     * @return a snapshot; the default has none
     */
    default EnhancementRules rules() {
        return EnhancementRules.NONE;
    }

    /**
     * The models there are, asked just now.
     *
     * @return the models, ordered by name; fails if the models cannot be asked. The default knows none
     */
    default CompletionStage<List<ModelInfo>> models() {
        return Promise.succeeded(List.of());
    }

    /**
     * What the enhancer did so far.
     *
     * @return a snapshot; the default counts nothing
     */
    default EnhancerStats stats() {
        return EnhancerStats.NONE;
    }

    /**
     * The breaker that guards the models.
     *
     * @return the breaker, or empty if the enhancer has none
     */
    default Optional<Breaker> breaker() {
        return Optional.empty();
    }

    /** Closes the breaker, empties the cache, and counts from zero. The default does nothing. */
    default void reset() {}
}
