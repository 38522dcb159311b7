package io.agenthub.ollama;

import io.agenthub.api.Promise;
import io.agenthub.api.enhance.Enhancement;
import io.agenthub.api.enhance.EnhancementCache;
import io.agenthub.api.enhance.EnhancementCacheStats;
import io.agenthub.api.enhance.EnhancementKey;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** A cache that keeps everything and shares loads, for tests of what stands on a cache. */
final class FakeCache implements EnhancementCache {
    private final Map<EnhancementKey, Enhancement> kept = new ConcurrentHashMap<>();
    private final Map<EnhancementKey, CompletableFuture<Enhancement>> loads = new ConcurrentHashMap<>();

    @Override
    @SuppressWarnings("ReferenceEquality") // this very load, not one like it
    public CompletionStage<Enhancement> get(EnhancementKey key, Supplier<CompletionStage<Enhancement>> loader) {
        Enhancement hit = kept.get(key);
        if (hit != null) {
            return Promise.succeeded(hit.fromCache());
        }
        CompletableFuture<Enhancement> own = new CompletableFuture<>();
        CompletableFuture<Enhancement> load = loads.putIfAbsent(key, own);
        if (load == null) {
            loader.get().whenComplete((made, failure) -> {
                if (failure == null && loads.get(key) == own) {
                    kept.put(key, made);
                }
                loads.remove(key, own);
                if (failure == null) {
                    own.complete(made);
                } else {
                    own.completeExceptionally(failure);
                }
            });
        }
        Promise<Enhancement> waiter = new Promise<>(Runnable::run);
        (load == null ? own : load).whenComplete((made, failure) -> {
            if (failure == null) {
                waiter.succeed(made);
            } else {
                waiter.fail(failure);
            }
        });
        return waiter;
    }

    Map<EnhancementKey, Enhancement> kept() {
        return kept;
    }

    @Override
    public void put(EnhancementKey key, Enhancement enhancement) {
        loads.remove(key);
        kept.put(key, enhancement);
    }

    @Override
    public void clear() {
        kept.clear();
    }

    @Override
    public EnhancementCacheStats stats() {
        return new EnhancementCacheStats(0, 0, 0, 0, 0, 0, kept.size(), 0, 0);
    }

    @Override
    public CompletionStage<Void> closeAsync() {
        return Promise.done();
    }
}
