package io.agenthub.api.activity;

import java.util.Optional;

/**
 * A snapshot of how a store does, for metrics and health.
 *
 * @param queued activities that wait to be written
 * @param written activities written since it was opened
 * @param dropped activities lost since it was opened, because the queue was full or they could not be written
 * @param bytes the size of what is kept; 0 if it is not known
 * @param head the newest link of the hash chain; empty if the store keeps none or has not been opened
 * @param problem why nothing can be written at the moment; empty if all is well
 */
public record ActivityStoreStatus(
        long queued, long written, long dropped, long bytes, Optional<ChainHead> head, Optional<String> problem) {
    /** Of a store that counts nothing. */
    public static final ActivityStoreStatus UNKNOWN =
            new ActivityStoreStatus(0, 0, 0, 0, Optional.empty(), Optional.empty());
}
