package io.agenthub.api.spi;

import io.agenthub.api.bridge.Connector;
import io.agenthub.api.server.ServerSpec;

/** Makes connectors to MCP servers of one kind, such as child processes ({@code stdio}) or web endpoints ({@code http}). */
public interface BridgeProvider extends Provider {

    /**
     * Makes the connector for one server.
     *
     * @param spec how the server is run; its settings are for this provider
     * @param context what the hub lends
     * @return the connector
     * @throws io.agenthub.api.ConfigurationException if a setting is unknown, missing or wrong
     */
    Connector create(ServerSpec spec, ProviderContext context);
}
