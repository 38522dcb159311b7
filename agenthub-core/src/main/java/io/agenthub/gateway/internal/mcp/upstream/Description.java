package io.agenthub.gateway.internal.mcp.upstream;

import io.agenthub.api.bridge.ServerInfo;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.gateway.internal.mcp.wire.Meta;
import java.util.Map;
import java.util.Optional;

/**
 * What an upstream says of itself, whichever era it is of.
 *
 * @param capabilities the {@code ServerCapabilities} object, without what does not pass a gateway
 * @param serverInfo the {@code Implementation} object
 * @param instructions how it wants to be used
 */
public record Description(JsonText capabilities, JsonText serverInfo, Optional<JsonText> instructions) {

    /**
     * What a server said in its handshake.
     *
     * @param info of either era
     * @return the description; without {@code tasks}, which live in one connection to the server and not in the next
     */
    public static Description of(ServerInfo info) {
        JsonText handshake = info.handshake();
        JsonText self = handshake
                .member("serverInfo")
                .or(() -> Meta.get(handshake, Meta.SERVER_INFO))
                .filter(JsonText::isObject)
                .orElseGet(() -> JsonText.ofValue(Map.of("name", info.name(), "version", info.version())));
        JsonText capabilities = info.capabilities().isObject() ? info.capabilities() : JsonText.EMPTY_OBJECT;
        return new Description(
                capabilities.without("tasks"), self, info.instructions().map(JsonText::quote));
    }

    /**
     * Whether a capability is declared.
     *
     * @param name such as {@code logging}
     * @return true if it is there
     */
    public boolean has(String name) {
        return capabilities.member(name).isPresent();
    }
}
