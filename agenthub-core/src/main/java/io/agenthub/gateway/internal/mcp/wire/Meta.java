package io.agenthub.gateway.internal.mcp.wire;

import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcNotification;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The {@code _meta} object of parameters and results. */
public final class Meta {
    /** What the keys of the protocol itself begin with. */
    public static final String PREFIX = "io.modelcontextprotocol/";

    /** Which revision a request follows. */
    public static final String PROTOCOL_VERSION = PREFIX + "protocolVersion";

    /** What the client of a request can be asked. */
    public static final String CLIENT_CAPABILITIES = PREFIX + "clientCapabilities";

    /** What the client of a request says of itself. */
    public static final String CLIENT_INFO = PREFIX + "clientInfo";

    /** Which log messages a request wants. */
    public static final String LOG_LEVEL = PREFIX + "logLevel";

    /** Which implementation made a result. */
    public static final String SERVER_INFO = PREFIX + "serverInfo";

    /** Which subscription a notification belongs to. */
    public static final String SUBSCRIPTION_ID = PREFIX + "subscriptionId";

    private static final String META = "_meta";
    private static final String PROGRESS_TOKEN = "progressToken";

    private Meta() {}

    /**
     * One value.
     *
     * @param holder parameters or a result, or null
     * @param key the key
     * @return its value, or empty
     */
    public static Optional<JsonText> get(@Nullable JsonText holder, String key) {
        Optional<JsonText> meta = holder == null ? Optional.empty() : holder.member(META);
        return meta.isEmpty() ? meta : meta.get().member(key);
    }

    /**
     * A holder with one more value.
     *
     * @param holder parameters or a result
     * @param key the key
     * @param value the value
     * @return the changed holder
     */
    public static JsonText with(JsonText holder, String key, JsonText value) {
        JsonText meta = holder.member(META).filter(JsonText::isObject).orElse(JsonText.EMPTY_OBJECT);
        return holder.with(META, meta.with(key, value));
    }

    /**
     * Parameters without the keys of the protocol itself.
     *
     * @param params the parameters
     * @return the same if there is none of them; without {@code _meta} if nothing else is in it
     */
    public static JsonText stripped(JsonText params) {
        JsonText meta = params.member(META).orElse(JsonText.EMPTY_OBJECT);
        JsonText rest = meta;
        for (String key : meta.members().keySet()) {
            rest = key.startsWith(PREFIX) ? rest.without(key) : rest;
        }
        if (rest.equals(meta)) {
            return params;
        }
        return rest.members().isEmpty() ? params.without(META) : params.with(META, rest);
    }

    /**
     * The token that a client wants to hear progress by.
     *
     * @param params the parameters of its request
     * @return the token, or empty if it does not want to
     */
    public static Optional<JsonText> progressToken(@Nullable JsonText params) {
        return get(params, PROGRESS_TOKEN);
    }

    /**
     * A progress notification for a client.
     *
     * @param progress as it came
     * @param token the client's token
     * @return with the client's token
     */
    public static RpcNotification withToken(RpcNotification progress, JsonText token) {
        JsonText params = progress.params();
        JsonText carried = params == null || !params.isObject() ? JsonText.EMPTY_OBJECT : params;
        return new RpcNotification(progress.method(), carried.with(PROGRESS_TOKEN, token));
    }
}
