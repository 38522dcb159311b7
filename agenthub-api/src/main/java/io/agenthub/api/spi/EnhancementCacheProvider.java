package io.agenthub.api.spi;

import io.agenthub.api.Settings;
import io.agenthub.api.enhance.EnhancementCache;

/** Makes caches of improved prompts. */
public interface EnhancementCacheProvider extends Provider {

    /**
     * Makes the cache of one hub, which lends it to its enhancer.
     *
     * @param settings its settings
     * @param context what the hub lends
     * @return the cache
     * @throws io.agenthub.api.ConfigurationException if a setting is unknown or wrong
     */
    EnhancementCache create(Settings settings, ProviderContext context);
}
