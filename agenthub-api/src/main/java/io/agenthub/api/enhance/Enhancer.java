package io.agenthub.api.enhance;

import io.agenthub.api.AsyncCloseable;
import java.util.concurrent.CompletionStage;

/** Improves prompts. Thread-safe; never blocks. */
public interface Enhancer extends AsyncCloseable {

    /**
     * Improves a prompt, or passes it through within the enhancer's time budget.
     *
     * @param prompt the prompt
     * @return what to use. Does not fail because a model is slow, absent or wrong: the original is passed through then
     */
    CompletionStage<EnhancedPrompt> enhance(Prompt prompt);
}
