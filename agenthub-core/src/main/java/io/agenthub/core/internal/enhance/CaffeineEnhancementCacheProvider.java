package io.agenthub.core.internal.enhance;

import io.agenthub.api.Settings;
import io.agenthub.api.enhance.EnhancementCache;
import io.agenthub.api.spi.EnhancementCacheProvider;
import io.agenthub.api.spi.ProviderContext;
import java.time.Duration;
import java.util.Set;

/**
 * The cache {@code caffeine}. Its settings are {@code maxBytes}, 1 KiB to 1 GiB, default 32 MiB, and {@code maxAge}, 1 s to 30
 * days, default 2 h.
 */
public final class CaffeineEnhancementCacheProvider implements EnhancementCacheProvider {
    private static final Set<String> KEYS = Set.of("maxBytes", "maxAge");
    private static final long LEAST_BYTES = 1L << 10;
    private static final long MOST_BYTES = 1L << 30;
    private static final Duration LEAST_AGE = Duration.ofSeconds(1);
    private static final Duration MOST_AGE = Duration.ofDays(30);

    /** Called by the service loader. */
    public CaffeineEnhancementCacheProvider() {}

    @Override
    public String name() {
        return "caffeine";
    }

    @Override
    public EnhancementCache create(Settings settings, ProviderContext context) {
        settings.allowOnly(KEYS);
        long maxBytes = settings.bytes("maxBytes").orElse(32L << 20);
        if (maxBytes < LEAST_BYTES || maxBytes > MOST_BYTES) {
            throw settings.error("maxBytes", "is " + maxBytes + ", must be between 1 KiB and 1 GiB");
        }
        Duration maxAge = settings.duration("maxAge").orElse(Duration.ofHours(2));
        if (maxAge.compareTo(LEAST_AGE) < 0 || maxAge.compareTo(MOST_AGE) > 0) {
            throw settings.error("maxAge", "is " + maxAge + ", must be between 1 s and 30 days");
        }
        return new CaffeineEnhancementCache(maxBytes, maxAge, context);
    }
}
