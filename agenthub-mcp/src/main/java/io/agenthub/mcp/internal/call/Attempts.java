package io.agenthub.mcp.internal.call;

import io.agenthub.api.Promise;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/** The attempts of one connector to connect of which something may be left. Thread-safe. */
public final class Attempts {
    private final Map<Object, CompletableFuture<Void>> unsettled = new ConcurrentHashMap<>();

    /** Has none yet. */
    public Attempts() {}

    /**
     * Begins to watch an attempt.
     *
     * @param settled completes when the attempt succeeded, or nothing of it is left
     */
    public void add(CompletableFuture<Void> settled) {
        Object attempt = new Object();
        unsettled.put(attempt, settled);
        settled.whenComplete((nothing, failure) -> unsettled.remove(attempt));
    }

    /**
     * Waits for those there are now.
     *
     * @param executor completes the stage
     * @return completes when each of them is settled, however it ended
     */
    public CompletionStage<Void> settled(Executor executor) {
        Promise<Void> settled = new Promise<>(executor);
        CompletableFuture.allOf(unsettled.values().toArray(CompletableFuture<?>[]::new))
                .whenComplete((nothing, failure) -> settled.succeed());
        return settled;
    }
}
