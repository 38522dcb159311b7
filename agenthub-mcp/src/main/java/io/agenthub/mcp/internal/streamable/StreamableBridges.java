package io.agenthub.mcp.internal.streamable;

import io.agenthub.api.bridge.Connector;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.api.spi.ProviderContext;

/** The bridges of one hub to servers that are reached over Streamable HTTP. Thread-safe. */
public final class StreamableBridges {
    private final Loops loops = new Loops();

    /** Makes the bridges of one hub. */
    public StreamableBridges() {}

    /**
     * Makes the connector for one server; no I/O happens before it connects.
     *
     * @param spec how the server is reached
     * @param context what the hub lends
     * @return the connector
     * @throws io.agenthub.api.ConfigurationException if a setting is unknown, missing or wrong
     */
    public Connector connector(ServerSpec spec, ProviderContext context) {
        return new StreamableConnector(spec, StreamableSettings.read(spec), context, loops);
    }
}
