package io.agenthub.api.enhance;

import java.util.Objects;
import java.util.OptionalDouble;

/**
 * An improvement, as a cache keeps it.
 *
 * @param text the improved prompt
 * @param model the model that wrote it
 * @param cached whether it was there already: false for the one caller whose loader ran, and for those who waited with it
 * @param distance if it was made for another prompt of much the same meaning: the cosine distance between the two
 */
public record Enhancement(String text, String model, boolean cached, OptionalDouble distance) {

    /** Checks that nothing is null. */
    public Enhancement {
        Objects.requireNonNull(text);
        Objects.requireNonNull(model);
        Objects.requireNonNull(distance);
    }

    /**
     * An improvement made just now.
     *
     * @param text the improved prompt
     * @param model the model that wrote it
     * @return the improvement
     */
    public static Enhancement made(String text, String model) {
        return new Enhancement(text, model, false, OptionalDouble.empty());
    }

    /**
     * The same improvement, taken from a cache.
     *
     * @return the improvement, said to be cached
     */
    public Enhancement fromCache() {
        return cached ? this : new Enhancement(text, model, true, distance);
    }

    /** Shows the length, not the text: prompts are private. */
    @Override
    public String toString() {
        return "Enhancement[" + text.length() + " characters by " + model + (cached ? ", cached]" : "]");
    }
}
