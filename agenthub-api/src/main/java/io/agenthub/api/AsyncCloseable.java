package io.agenthub.api;

import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Something that is closed in order, without blocking, and exactly once. */
public interface AsyncCloseable extends AutoCloseable {

    /**
     * Begins to close and returns at once.
     *
     * <p>Idempotent: each call returns the same stage. Bounded: the stage completes within the documented limits of the
     * implementation, whatever its peers do. Failures while closing are logged, not delivered: the stage completes
     * normally once everything that was started has ended or been abandoned.
     *
     * @return the stage that completes when nothing of this object is left running
     */
    CompletionStage<Void> closeAsync();

    /**
     * Closes and waits.
     *
     * @throws IllegalStateException if called on a {@link HubThread}, which would wait for itself
     */
    @Override
    default void close() {
        if (Thread.currentThread() instanceof HubThread) {
            throw new IllegalStateException("close() would wait for its own thread "
                    + Thread.currentThread().getName() + "; use closeAsync()");
        }
        try {
            closeAsync().toCompletableFuture().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }
}
