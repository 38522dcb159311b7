package io.agenthub.api.enhance;

import java.util.Optional;

/**
 * What became of a prompt.
 *
 * @param original what the user wrote
 * @param text what to use: improved, or the original
 * @param outcome how it came about
 * @param model the model that improved it, if one did
 * @param reason why it was passed through, if it was
 */
public record EnhancedPrompt(
        String original, String text, Outcome outcome, Optional<String> model, Optional<String> reason) {

    /** How a prompt's text came about. */
    public enum Outcome {
        /** A model improved it just now. */
        ENHANCED,
        /** A model improved it earlier. */
        CACHED,
        /** It is the original; {@link EnhancedPrompt#reason()} says why. */
        PASSED_THROUGH
    }

    /**
     * The original, unchanged.
     *
     * @param prompt the prompt
     * @param reason why it was not improved
     * @return the outcome
     */
    public static EnhancedPrompt passedThrough(Prompt prompt, String reason) {
        return new EnhancedPrompt(
                prompt.text(), prompt.text(), Outcome.PASSED_THROUGH, Optional.empty(), Optional.of(reason));
    }
}
