package io.agenthub.ollama;

import java.time.Duration;

/**
 * How prompts of much the same meaning are found.
 *
 * @param model the embedding model
 * @param threshold how alike two prompts must be, as the cosine of the angle between them: 0.5 to 1; default 0.85
 * @param acrossClients whether one client may be given what was improved for another; default false
 * @param maxEntries how many prompts are remembered, 1 to 10,000; default 512. Each look-up compares with all of the same client,
 *     rule and model
 * @param maxAge how long they are remembered, at most 36,500 days; default 2 h
 * @param timeout how long the embedding may take before it is done without, at most 36,500 days; default 500 ms
 */
public record SemanticConfig(
        String model, double threshold, boolean acrossClients, int maxEntries, Duration maxAge, Duration timeout) {

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if one is out of range; the message names it
     */
    public SemanticConfig {
        if (model.isBlank()) {
            throw new IllegalArgumentException("semantic.model has no name");
        }
        if (!(threshold >= 0.5 && threshold <= 1)) {
            throw new IllegalArgumentException("semantic.threshold is " + threshold + ", must be between 0.5 and 1");
        }
        if (maxEntries < 1 || maxEntries > 10_000) {
            throw new IllegalArgumentException(
                    "semantic.maxEntries is " + maxEntries + ", must be between 1 and 10000");
        }
        ModelRequest.checkTime(maxAge, "semantic.maxAge");
        ModelRequest.checkTime(timeout, "semantic.timeout");
    }

    /**
     * The defaults stated above.
     *
     * @param model the embedding model, such as {@code all-minilm}
     * @return the configuration
     */
    public static SemanticConfig of(String model) {
        return new SemanticConfig(model, 0.85, false, 512, Duration.ofHours(2), Duration.ofMillis(500));
    }
}
