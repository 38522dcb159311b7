package io.agenthub.api.enhance;

/**
 * Sees an improvement while it is written. Called on the enhancer's executor, one call at a time and in order, and never after
 * the outcome. A cached improvement is not shown. Must not block; what it throws is logged and changes nothing.
 */
public interface EnhancementListener {

    /**
     * A model begins. What another model, or the same one, has written before is void.
     *
     * @param model the model's name
     */
    default void began(String model) {}

    /**
     * The model went on.
     *
     * @param text the next piece, without reasoning
     */
    default void wrote(String text) {}
}
