package io.agenthub.mcp.internal.stdio;

import io.agenthub.api.bridge.Connector;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.api.spi.ProviderContext;

/** The bridges of one hub to servers that are child processes. Thread-safe. */
public final class StdioBridges {
    private final StdioResources resources = new StdioResources();

    /** Makes the bridges of one hub. */
    public StdioBridges() {}

    /**
     * Makes the connector for one server; no I/O happens before it connects.
     *
     * @param spec how the server is run
     * @param context what the hub lends
     * @return the connector
     * @throws io.agenthub.api.ConfigurationException if a setting is unknown, missing or wrong
     */
    public Connector connector(ServerSpec spec, ProviderContext context) {
        return new StdioConnector(spec, StdioSettings.read(spec, System.getenv()), context, resources);
    }
}
