package io.agenthub.api.enhance;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * A prompt to be improved.
 *
 * @param text what the user wrote
 * @param client who asks, as claimed; chooses the rule. Empty means the default rule
 * @param bypassCache whether a cached improvement must not be used
 * @param budget how long the caller can wait, if less than the enhancer's own time budget; empty means that budget
 */
public record Prompt(String text, Optional<String> client, boolean bypassCache, Optional<Duration> budget) {

    /**
     * Checks that nothing is null.
     *
     * @throws IllegalArgumentException if the budget is negative
     */
    public Prompt {
        Objects.requireNonNull(text);
        Objects.requireNonNull(client);
        if (budget.isPresent() && budget.get().isNegative()) {
            throw new IllegalArgumentException("budget is " + budget.get() + ", must not be negative");
        }
    }

    /**
     * A prompt that may take the enhancer's whole time budget.
     *
     * @param text what the user wrote
     * @param client who asks, as claimed
     * @param bypassCache whether a cached improvement must not be used
     */
    public Prompt(String text, Optional<String> client, boolean bypassCache) {
        this(text, client, bypassCache, Optional.empty());
    }

    /**
     * A prompt of nobody in particular.
     *
     * @param text what the user wrote
     * @return the prompt
     */
    public static Prompt of(String text) {
        return new Prompt(text, Optional.empty(), false);
    }

    /**
     * The same prompt of a client.
     *
     * @param name who asks, as claimed
     * @return a prompt that the client's rule improves
     */
    public Prompt from(String name) {
        return new Prompt(text, Optional.of(name), bypassCache, budget);
    }

    /**
     * The same prompt with less time.
     *
     * @param value how long the caller can wait
     * @return a prompt that is passed through after that time
     */
    public Prompt within(Duration value) {
        return new Prompt(text, client, bypassCache, Optional.of(value));
    }

    /** Shows the length, not the text: prompts are private. */
    @Override
    public String toString() {
        return "Prompt[" + text.length() + " characters, client=" + client.orElse("none") + "]";
    }
}
