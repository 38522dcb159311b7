package io.agenthub.mcp;

import io.agenthub.api.bridge.Connector;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.api.spi.BridgeProvider;
import io.agenthub.api.spi.ProviderContext;
import io.agenthub.mcp.internal.streamable.StreamableBridges;

/**
 * Bridges named {@code http}: each server is reached over MCP's Streamable HTTP, with a session (2025-03-26 to 2025-11-25) or
 * stateless (2026-07-28).
 *
 * <p>Settings:
 *
 * <ul>
 *   <li>{@code url} (required): where the server is. {@code https}, with the certificate and the host name verified; plain {@code
 *       http} only to this machine. Redirects are not followed, and proxies not used.
 *   <li>{@code headers}: the operator's own headers, sent with every request, such as {@code Authorization}. Nothing of a client's
 *       request is ever passed on as a header, its token least of all. Values are shown nowhere.
 *   <li>{@code allowInsecure}: {@code true} allows plain {@code http} to other machines; default {@code false}.
 *   <li>{@code caFile}: a PEM file with the only certificates to trust; default those that the JDK trusts.
 *   <li>{@code protocol}: {@code auto} (default) asks the server in the stateless way first; {@code legacy}, {@code modern}.
 *   <li>{@code roots}: {@code refuse} (default) or {@code forward}: whether the server may learn the client's roots.
 *   <li>{@code maxConnections}: how many requests are under way at once, 1 to 1,024, default 64; more wait. Streams, health checks
 *       and answers to the server's questions are not counted.
 *   <li>{@code connectTimeout}: for a connection and its TLS handshake, 1 ms to 2 minutes, default 10 s.
 *   <li>{@code type}: {@code http}, if given.
 * </ul>
 *
 * <p>The longest message, either way, is {@code limits.maxFrameBytes} of the server. A resource of type Netty {@code
 * EventLoopGroup} is used if the hub lends one; otherwise one event loop is made with the first connection and ended with the last.
 */
public final class HttpBridgeProvider implements BridgeProvider {
    private final StreamableBridges bridges = new StreamableBridges();

    /** Made by {@link java.util.ServiceLoader}. */
    public HttpBridgeProvider() {}

    @Override
    public String name() {
        return "http";
    }

    @Override
    public Connector create(ServerSpec spec, ProviderContext context) {
        return bridges.connector(spec, context);
    }
}
