package io.agenthub.api.spi;

import io.agenthub.api.Settings;
import io.agenthub.api.enhance.Enhancer;

/** Makes prompt enhancers. */
public interface EnhancerProvider extends Provider {

    /**
     * Makes the enhancer of one hub.
     *
     * @param settings its settings
     * @param context what the hub lends
     * @return the enhancer
     * @throws io.agenthub.api.ConfigurationException if a setting is unknown or wrong
     */
    Enhancer create(Settings settings, ProviderContext context);
}
