package io.agenthub.api.enhance;

import java.util.List;
import java.util.Objects;

/**
 * How prompts of one client are improved.
 *
 * @param enabled whether they are improved at all; default true
 * @param model the model asked first
 * @param systemPrompt what the model is told to do
 * @param temperature 0 to 2; default 0.3
 * @param maxTokens the longest answer in tokens, 1 to 32,768; default 500. A longer answer is cut, and a cut answer is not used
 * @param fallbackChain the models asked next, in order, when one fails; after the last the original is passed through
 */
public record EnhancementRule(
        boolean enabled,
        String model,
        String systemPrompt,
        double temperature,
        int maxTokens,
        List<String> fallbackChain) {

    /** Improves clarity with {@code llama3.2:3b}, or passes through. */
    public static final EnhancementRule DEFAULT = new EnhancementRule(
            true,
            "llama3.2:3b",
            "Improve clarity and structure. Preserve intent. Return only the enhanced prompt.",
            0.3,
            500,
            List.of());

    /**
     * Copies and checks.
     *
     * @throws IllegalArgumentException if a value is out of range; the message names it
     */
    public EnhancementRule {
        Objects.requireNonNull(systemPrompt);
        fallbackChain = List.copyOf(fallbackChain);
        if (model.isBlank() || fallbackChain.stream().anyMatch(String::isBlank)) {
            throw new IllegalArgumentException("a model has no name");
        }
        if (!(temperature >= 0 && temperature <= 2)) {
            throw new IllegalArgumentException("temperature is " + temperature + ", must be between 0 and 2");
        }
        if (maxTokens < 1 || maxTokens > 32_768) {
            throw new IllegalArgumentException("maxTokens is " + maxTokens + ", must be between 1 and 32768");
        }
    }

    /**
     * What tells this rule from another one that would improve prompts differently.
     *
     * @return a SHA-256 digest in hexadecimal over what decides the wording: system prompt, temperature and length
     */
    public String version() {
        return Digests.sha256(systemPrompt, Double.toString(temperature), Integer.toString(maxTokens));
    }
}
