package io.agenthub.api.bridge;

import io.agenthub.api.rpc.JsonText;
import java.time.Duration;

/**
 * What a connection is opened for.
 *
 * @param timeout the time for start and handshake together
 * @param clientCapabilities the {@code capabilities} object of the MCP handshake
 * @param listener hears what the server sends outside any call
 */
public record ConnectRequest(Duration timeout, JsonText clientCapabilities, BridgeListener listener) {}
