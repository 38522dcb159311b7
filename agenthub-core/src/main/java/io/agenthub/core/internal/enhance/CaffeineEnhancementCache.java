package io.agenthub.core.internal.enhance;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.agenthub.api.Promise;
import io.agenthub.api.enhance.Enhancement;
import io.agenthub.api.enhance.EnhancementCache;
import io.agenthub.api.enhance.EnhancementCacheStats;
import io.agenthub.api.enhance.EnhancementKey;
import io.agenthub.api.spi.ProviderContext;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Improvements by the digest of what they depend on, bounded in bytes and age. Thread-safe; never blocks.
 *
 * <p>Loads are not Caffeine's own: there, a caller's cancel would reach the load and with it every other caller.
 */
final class CaffeineEnhancementCache implements EnhancementCache {
    /** What an entry takes beside its texts: key, records, and Caffeine's node. */
    private static final int ENTRY_BYTES = 300;

    private final Cache<String, Enhancement> kept;
    private final ConcurrentMap<String, Flight> flights = new ConcurrentHashMap<>();
    private final Executor executor;
    private final long maxBytes;
    private final CompletionStage<Void> done = Promise.done();
    private volatile CacheCounters counters = new CacheCounters();
    private volatile boolean closed;

    CaffeineEnhancementCache(long maxBytes, Duration maxAge, ProviderContext context) {
        this.maxBytes = maxBytes;
        this.executor = context.executor();
        this.kept = Caffeine.newBuilder()
                .maximumWeight(maxBytes)
                .weigher((String key, Enhancement value) -> weight(value))
                .expireAfterWrite(maxAge)
                .ticker(context.scheduler()::nanoTime)
                .executor(Runnable::run)
                .evictionListener((key, value, cause) -> counters.evictions.increment())
                .build();
    }

    private static int weight(Enhancement value) {
        long chars = (long) value.text().length() + value.model().length();
        return (int) Math.min(Integer.MAX_VALUE, ENTRY_BYTES + 2 * chars);
    }

    @Override
    public CompletionStage<Enhancement> get(EnhancementKey key, Supplier<CompletionStage<Enhancement>> loader) {
        Objects.requireNonNull(loader);
        String digest = key.digest();
        Enhancement hit = kept.getIfPresent(digest);
        if (hit != null) {
            counters.hits.increment();
            return Promise.succeeded(hit.fromCache());
        }
        counters.misses.increment();
        return miss(digest, loader);
    }

    private CompletionStage<Enhancement> miss(String digest, Supplier<CompletionStage<Enhancement>> loader) {
        while (true) {
            Flight own = new Flight(enhancement -> keep(digest, enhancement), counters);
            Flight under = flights.putIfAbsent(digest, own);
            Flight flight = under == null ? own : under;
            CompletionStage<Enhancement> waiter = flight.join(executor);
            if (under == null) {
                own.whenOver(() -> flights.remove(digest, own));
                begin(own, digest, loader);
            }
            if (waiter != null) {
                if (under != null) {
                    counters.joined.increment();
                }
                return waiter;
            }
            // That flight has just ended, and what it brought is found by the next one.
            flights.remove(digest, flight);
        }
    }

    private void begin(Flight flight, String digest, Supplier<CompletionStage<Enhancement>> loader) {
        // One that ended since the caller looked has kept what it brought before it made way for this one.
        Enhancement landed = kept.getIfPresent(digest);
        if (landed == null) {
            flight.load(loader);
        } else {
            flight.bring(landed.fromCache());
        }
    }

    private void keep(String digest, Enhancement enhancement) {
        if (!closed) {
            kept.put(digest, enhancement);
        }
    }

    @Override
    public void put(EnhancementKey key, Enhancement enhancement) {
        Objects.requireNonNull(enhancement);
        String digest = key.digest();
        Flight older = flights.get(digest);
        if (older != null) {
            older.forget();
        }
        keep(digest, enhancement);
    }

    @Override
    public void clear() {
        flights.values().forEach(Flight::forget);
        kept.invalidateAll();
        counters = new CacheCounters();
    }

    @Override
    public EnhancementCacheStats stats() {
        kept.cleanUp();
        long weight = kept.policy()
                .eviction()
                .map(eviction -> eviction.weightedSize().orElse(0))
                .orElse(0L);
        CacheCounters now = counters;
        return new EnhancementCacheStats(
                now.hits.sum(),
                now.misses.sum(),
                now.joined.sum(),
                now.loads.sum(),
                now.loadFailures.sum(),
                now.evictions.sum(),
                kept.estimatedSize(),
                weight,
                maxBytes);
    }

    /** Drops everything; from then on nothing is kept. */
    @Override
    public CompletionStage<Void> closeAsync() {
        closed = true;
        kept.invalidateAll();
        return done;
    }
}
