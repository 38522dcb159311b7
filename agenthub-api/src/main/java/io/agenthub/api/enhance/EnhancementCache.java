package io.agenthub.api.enhance;

import io.agenthub.api.AsyncCloseable;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Keeps improvements, so that the same prompt is improved once. Thread-safe; never blocks; bounded in memory and age.
 *
 * <p>Single flight: while an improvement is being loaded, whoever asks for it waits for that load. Failures are never kept: all
 * who waited are told, and the next one loads again.
 */
public interface EnhancementCache extends AsyncCloseable {

    /**
     * Looks an improvement up, and has it made if it is not there.
     *
     * @param key what it depends on
     * @param loader makes it; called at most once, on the calling thread, and only if nobody else is making it. A load is
     *     cancelled when all who wait for it have cancelled
     * @return the improvement, a stage of its own for each caller: cancelling it gives up for this caller only. Fails as the
     *     load did
     */
    CompletionStage<Enhancement> get(EnhancementKey key, Supplier<CompletionStage<Enhancement>> loader);

    /**
     * Keeps an improvement that was made outside, in place of what was there and of what a load under way will bring. In force
     * when this returns.
     *
     * @param key what it depends on
     * @param enhancement the improvement
     */
    void put(EnhancementKey key, Enhancement enhancement);

    /** Drops everything and counts from zero. Loads under way go on, and are not kept. */
    void clear();

    /**
     * What the cache did.
     *
     * @return a snapshot
     */
    EnhancementCacheStats stats();
}
