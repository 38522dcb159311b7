package io.agenthub.api.bridge;

import io.agenthub.api.rpc.JsonText;
import java.util.Optional;

/**
 * What a server said of itself in the handshake.
 *
 * @param protocolVersion the MCP revision agreed on, such as {@code 2025-11-25}
 * @param name the implementation's name; data, not an identity
 * @param version the implementation's version
 * @param capabilities the {@code capabilities} object
 * @param instructions how the server wants to be used, if it says
 * @param handshake the whole result of the handshake
 */
public record ServerInfo(
        String protocolVersion,
        String name,
        String version,
        JsonText capabilities,
        Optional<String> instructions,
        JsonText handshake) {}
