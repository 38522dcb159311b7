package io.agenthub.api.spi;

import io.agenthub.api.Settings;
import io.agenthub.api.activity.ActivityStore;

/** Makes activity stores. */
public interface ActivityStoreProvider extends Provider {

    /**
     * Makes the activity store of one hub; {@link ActivityStore#open()} does the I/O.
     *
     * @param settings its settings
     * @param context what the hub lends
     * @return the store
     * @throws io.agenthub.api.ConfigurationException if a setting is unknown or wrong
     */
    ActivityStore create(Settings settings, ProviderContext context);
}
