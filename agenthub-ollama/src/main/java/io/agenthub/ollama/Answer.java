package io.agenthub.ollama;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a model answered.
 *
 * @param text the answer, without reasoning that the server kept apart
 * @param thinking the reasoning, empty if there is none
 * @param model the model as the server names it
 * @param doneReason why it ended, such as {@code stop}, or {@code length} if it was cut
 * @param promptTokens tokens read, if known
 * @param answerTokens tokens written, if known
 */
public record Answer(
        String text,
        String thinking,
        String model,
        Optional<String> doneReason,
        OptionalLong promptTokens,
        OptionalLong answerTokens) {

    /**
     * Whether the answer was cut because it grew too long.
     *
     * @return true if the model would have gone on
     */
    public boolean isCut() {
        return doneReason.filter("length"::equals).isPresent();
    }

    /** Shows lengths, not texts. */
    @Override
    public String toString() {
        return "Answer[" + text.length() + " characters by " + model
                + doneReason.map(r -> ", " + r).orElse("") + "]";
    }
}
