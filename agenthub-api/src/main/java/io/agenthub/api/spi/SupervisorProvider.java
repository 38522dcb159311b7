package io.agenthub.api.spi;

import io.agenthub.api.Settings;
import io.agenthub.api.server.Supervisor;
import io.agenthub.api.server.SupervisorListener;

/** Makes supervisors. */
public interface SupervisorProvider extends Provider {

    /**
     * Makes the supervisor of one hub.
     *
     * @param settings its settings
     * @param context what the hub lends
     * @param listener hears what happens to servers
     * @return the supervisor
     * @throws io.agenthub.api.ConfigurationException if a setting is unknown or wrong
     */
    Supervisor create(Settings settings, ProviderContext context, SupervisorListener listener);
}
