package io.agenthub.mcp.internal.era;

import io.agenthub.api.bridge.ClientProfile;
import io.agenthub.api.rpc.JsonText;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What every request to a stateless server says of its caller, in {@code params._meta}.
 *
 * @param revision the revision of MCP spoken with the server
 * @param forwardRoots whether the server is trusted with the roots of clients
 */
public record Envelope(String revision, boolean forwardRoots) {
    static final String META = "_meta";
    static final String PREFIX = "io.modelcontextprotocol/";
    static final String SERVER_INFO = PREFIX + "serverInfo";
    static final String SUBSCRIPTION_ID = PREFIX + "subscriptionId";
    private static final String PROTOCOL_VERSION = PREFIX + "protocolVersion";
    private static final String CLIENT_CAPABILITIES = PREFIX + "clientCapabilities";
    private static final String CLIENT_INFO = PREFIX + "clientInfo";
    private static final String LOG_LEVEL = PREFIX + "logLevel";

    /**
     * Parameters as the server gets them. What a caller wrote there under the protocol's own keys gives way; all else stays.
     *
     * @param params the parameters of a request, or null
     * @param profile who calls
     * @return the parameters with the envelope
     */
    public JsonText around(@Nullable JsonText params, ClientProfile profile) {
        if (params != null && !params.isObject()) {
            return params;
        }
        JsonText object = params == null ? JsonText.EMPTY_OBJECT : params;
        Map<String, JsonText> meta =
                new LinkedHashMap<>(object.member(META).map(JsonText::members).orElse(Map.of()));
        meta.keySet().removeIf(key -> key.startsWith(PREFIX));
        meta.put(PROTOCOL_VERSION, JsonText.quote(revision));
        meta.put(CLIENT_CAPABILITIES, capabilities(profile));
        meta.put(CLIENT_INFO, profile.clientInfo().orElse(Self.INFO));
        profile.logLevel().ifPresent(level -> meta.put(LOG_LEVEL, JsonText.quote(level)));
        return object.with(META, JsonText.object(meta));
    }

    private JsonText capabilities(ClientProfile profile) {
        // Tasks of the revision 2025-11-25 are not those of this era.
        JsonText capabilities = profile.capabilities().without("tasks");
        return forwardRoots ? capabilities : capabilities.without("roots");
    }
}
