package io.agenthub.api.enhance;

/**
 * Sees an improvement while it is written. Called on the enhancer's executor, one call at a time and in order, and not once the
 * outcome is decided, though a last call may still run while the outcome is delivered on another thread. A cached improvement is
 * not shown. Must not block; what it throws is logged and changes nothing.
 */
public interface EnhancementListener {

    /**
     * A model begins to write. What another model, or the same one, has written before is void.
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
