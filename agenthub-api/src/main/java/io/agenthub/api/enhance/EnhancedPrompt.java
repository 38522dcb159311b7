package io.agenthub.api.enhance;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What became of a prompt.
 *
 * @param original what the user wrote
 * @param text what to use: improved, or the original
 * @param outcome how it came about
 * @param model the model that improved it, if one did
 * @param reason why it was passed through, if it was
 * @param distance if the improvement was made for another prompt of much the same meaning: the cosine distance between the two,
 *     0 for the same direction, 1 for nothing in common
 */
public record EnhancedPrompt(
        String original,
        String text,
        Outcome outcome,
        Optional<String> model,
        Optional<String> reason,
        OptionalDouble distance) {

    /** Checks that nothing is null. */
    public EnhancedPrompt {
        Objects.requireNonNull(original);
        Objects.requireNonNull(text);
        Objects.requireNonNull(outcome);
        Objects.requireNonNull(model);
        Objects.requireNonNull(reason);
        Objects.requireNonNull(distance);
    }

    /**
     * An outcome of exactly this prompt.
     *
     * @param original what the user wrote
     * @param text what to use
     * @param outcome how it came about
     * @param model the model that improved it, if one did
     * @param reason why it was passed through, if it was
     */
    public EnhancedPrompt(
            String original, String text, Outcome outcome, Optional<String> model, Optional<String> reason) {
        this(original, text, outcome, model, reason, OptionalDouble.empty());
    }

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

    /**
     * Whether a model improved it, now or earlier.
     *
     * @return false if it was passed through
     */
    public boolean wasEnhanced() {
        return outcome != Outcome.PASSED_THROUGH;
    }

    /** Shows lengths, not texts: prompts are private. */
    @Override
    public String toString() {
        return "EnhancedPrompt[" + outcome + ", " + original.length() + " to " + text.length() + " characters"
                + model.map(name -> ", model=" + name).orElse("")
                + reason.map(why -> ", reason=" + why).orElse("") + "]";
    }
}
