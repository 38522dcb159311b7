package io.agenthub.api.enhance;

import java.util.Objects;
import java.util.Optional;

/**
 * A prompt to be improved.
 *
 * @param text what the user wrote
 * @param client who asks, as claimed; chooses the rule. Empty means the default rule
 * @param bypassCache whether a cached improvement must not be used
 */
public record Prompt(String text, Optional<String> client, boolean bypassCache) {

    /** Checks that nothing is null. */
    public Prompt {
        Objects.requireNonNull(text);
        Objects.requireNonNull(client);
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
}
