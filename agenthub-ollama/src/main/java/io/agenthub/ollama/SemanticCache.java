package io.agenthub.ollama;

import io.agenthub.api.Promise;
import io.agenthub.api.Scheduler;
import io.agenthub.api.breaker.BreakerState;
import io.agenthub.api.enhance.Enhancement;
import io.agenthub.api.enhance.EnhancementCache;
import io.agenthub.api.enhance.EnhancementCacheStats;
import io.agenthub.api.enhance.EnhancementKey;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A second level over an exact cache: when the exact one misses, an improvement made for a prompt of much the same meaning is
 * used. Thread-safe; never blocks. Where no embedding can be had in time, it does without.
 */
final class SemanticCache implements EnhancementCache {
    /*
     * The look-up by meaning runs inside the exact cache's loader, so that it shares the single flight. What it finds is kept by
     * the exact cache under the new prompt's key, with its distance; only what a model has written enters the index, so that
     * meanings do not drift from one neighbour to the next.
     */
    private final EnhancementCache exact;
    private final OllamaClient client;
    private final ModelBreaker breaker;
    private final SemanticConfig config;
    private final Scheduler scheduler;
    private final Executor executor;
    private final SemanticIndex index;

    SemanticCache(
            EnhancementCache exact,
            OllamaClient client,
            ModelBreaker breaker,
            SemanticConfig config,
            Scheduler scheduler,
            Executor executor) {
        this.exact = exact;
        this.client = client;
        this.breaker = breaker;
        this.config = config;
        this.scheduler = scheduler;
        this.executor = executor;
        this.index = new SemanticIndex(config.maxEntries(), config.maxAge());
    }

    @Override
    public CompletionStage<Enhancement> get(EnhancementKey key, Supplier<CompletionStage<Enhancement>> loader) {
        return exact.get(key, () -> byMeaning(key, loader));
    }

    private CompletionStage<Enhancement> byMeaning(EnhancementKey key, Supplier<CompletionStage<Enhancement>> loader) {
        if (breaker.state() != BreakerState.CLOSED) {
            return loader.get();
        }
        Search search = new Search(executor, key, loader);
        search.begin(client.embed(config.model(), List.of(key.text()), config.timeout()));
        return search;
    }

    /** What makes two prompts comparable: all but their texts. As a digest, since a client's name may be of any length. */
    private String scope(EnhancementKey key) {
        Optional<String> client = config.acrossClients() ? Optional.empty() : key.client();
        return new EnhancementKey(client, key.model(), key.ruleVersion(), "").digest();
    }

    /** Finds a near prompt, or loads. Cancelling it cancels whatever it is waiting for. */
    private final class Search extends Promise<Enhancement> {
        private final EnhancementKey key;
        private final Supplier<CompletionStage<Enhancement>> loader;
        private final int taken = index.clearings();
        private volatile @Nullable CompletionStage<?> waitingFor;

        Search(Executor executor, EnhancementKey key, Supplier<CompletionStage<Enhancement>> loader) {
            super(executor);
            this.key = key;
            this.loader = loader;
        }

        @Override
        protected void onCancel() {
            CompletionStage<?> current = waitingFor;
            if (current != null) {
                current.toCompletableFuture().cancel(true);
            }
        }

        private <T> CompletionStage<T> waitFor(CompletionStage<T> stage) {
            waitingFor = stage;
            if (isCancelled()) {
                onCancel();
            }
            return stage;
        }

        void begin(CompletionStage<List<float[]>> embedding) {
            waitFor(embedding).whenComplete((vectors, failure) -> {
                Optional<float[]> direction =
                        failure == null ? SemanticIndex.direction(vectors.get(0)) : Optional.empty();
                Optional<Enhancement> near =
                        direction.flatMap(d -> index.nearest(scope(key), d, config.threshold(), scheduler.nanoTime()));
                if (near.isPresent()) {
                    succeed(near.get());
                } else if (!isDone()) {
                    load(direction);
                }
            });
        }

        private void load(Optional<float[]> direction) {
            try {
                waitFor(loader.get()).whenComplete((enhancement, failure) -> {
                    if (failure != null) {
                        fail(failure);
                        return;
                    }
                    direction.ifPresent(d -> index.add(taken, scope(key), d, enhancement, scheduler.nanoTime()));
                    succeed(enhancement);
                });
            } catch (RuntimeException | Error e) {
                fail(e);
            }
        }
    }

    @Override
    public void put(EnhancementKey key, Enhancement enhancement) {
        exact.put(key, enhancement);
    }

    @Override
    public void clear() {
        index.clear();
        exact.clear();
    }

    @Override
    public EnhancementCacheStats stats() {
        return exact.stats();
    }

    /** Closes the exact cache as well; its lender does that. */
    @Override
    public CompletionStage<Void> closeAsync() {
        index.clear();
        return exact.closeAsync();
    }
}
