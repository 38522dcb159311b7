package io.agenthub.api;

/**
 * Marks a thread that belongs to the hub: an event loop, the control thread, or a callback thread.
 *
 * <p>Waiting for the hub on one of its own threads can never end well, so {@link AsyncCloseable#close()} refuses there,
 * and {@link Promise#join()} refuses where {@link #mayBlock()} is false.
 */
public interface HubThread {

    /**
     * Whether user code may block on this thread.
     *
     * @return true for callback threads, false for event loops and the control thread
     */
    boolean mayBlock();
}
