package io.agenthub.mcp.internal.http;

import io.agenthub.api.rpc.JsonText;
import io.netty.handler.codec.http.HttpMethod;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request.
 *
 * @param method what is asked
 * @param headers its own headers; {@code Host} and {@code Content-Length} are added
 * @param body what is sent as JSON, or null
 */
public record HttpRequest(
        HttpMethod method,
        Map<String, String> headers,
        @Nullable JsonText body) {

    /** Shows neither headers nor body. */
    @Override
    public String toString() {
        return method + " with " + (body == null ? 0 : body.length()) + " bytes";
    }
}
