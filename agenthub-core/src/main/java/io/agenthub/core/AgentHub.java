package io.agenthub.core;

import io.agenthub.api.hub.Hub;
import io.agenthub.api.hub.HubConfig;
import java.nio.file.Path;

/** Where an application begins. */
public final class AgentHub {
    private AgentHub() {}

    /**
     * Begins a hub.
     *
     * @return a builder with every default and no server
     */
    public static HubBuilder builder() {
        return new HubBuilder();
    }

    /**
     * Makes a hub from a configuration file, as Claude Desktop, VS Code and Cursor write it.
     *
     * @param file the file; read now, on this thread
     * @return a hub that is not started
     * @throws io.agenthub.api.ConfigurationException if the file cannot be used
     */
    public static Hub fromFile(Path file) {
        return builder().configFile(file).build();
    }

    /**
     * Makes a hub from a configuration.
     *
     * @param config the configuration
     * @return a hub that is not started
     * @throws io.agenthub.api.ConfigurationException if it cannot be used
     */
    public static Hub of(HubConfig config) {
        return builder().config(config).build();
    }
}
