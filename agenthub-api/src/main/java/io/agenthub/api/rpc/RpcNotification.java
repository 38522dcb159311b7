package io.agenthub.api.rpc;

import org.jspecify.annotations.Nullable;

/**
 * A message that expects no answer.
 *
 * @param method the method's name
 * @param params an object or array, or null if there are none
 */
public record RpcNotification(String method, @Nullable JsonText params) implements RpcMessage {
    @Override
    public JsonText toJson() {
        return RpcWriter.call(null, method, params);
    }
}
