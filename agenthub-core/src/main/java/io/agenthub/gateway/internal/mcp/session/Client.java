package io.agenthub.gateway.internal.mcp.session;

import io.agenthub.api.rpc.JsonText;
import io.agenthub.gateway.internal.mcp.wire.RpcRefusal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a client said of itself when it began its session.
 *
 * @param version the revision it asked for
 * @param capabilities what it can be asked; without {@code tasks}, which do not pass a gateway
 * @param info what it calls itself
 */
record Client(String version, JsonText capabilities, Optional<JsonText> info) {

    /**
     * Reads the parameters of {@code initialize}.
     *
     * @throws RpcRefusal if they are not what they should be
     */
    static Client of(@Nullable JsonText params) {
        String version = member(params, "protocolVersion")
                .flatMap(JsonText::string)
                .orElseThrow(() -> RpcRefusal.invalidParams(200, "initialize needs a string 'protocolVersion'"));
        JsonText capabilities = member(params, "capabilities").orElse(JsonText.EMPTY_OBJECT);
        if (!capabilities.isObject()) {
            throw RpcRefusal.invalidParams(200, "'capabilities' must be an object");
        }
        return new Client(
                version,
                capabilities.without("tasks"),
                member(params, "clientInfo").filter(JsonText::isObject));
    }

    private static Optional<JsonText> member(@Nullable JsonText params, String name) {
        return params == null ? Optional.empty() : params.member(name);
    }

    /** The same client under the revision agreed on. */
    Client agreedOn(String negotiated) {
        return new Client(negotiated, capabilities, info);
    }

    /** Its name, as claimed. */
    Optional<String> name() {
        return info.flatMap(self -> self.member("name")).flatMap(JsonText::string);
    }
}
