package io.agenthub.api.rpc;

import org.jspecify.annotations.Nullable;

/**
 * A call that expects an answer.
 *
 * @param id the sender's id, a JSON string or integer, echoed byte for byte
 * @param method the method's name
 * @param params an object or array, or null if there are none
 */
public record RpcRequest(
        JsonText id, String method, @Nullable JsonText params) implements RpcMessage {
    @Override
    public JsonText toJson() {
        return RpcWriter.call(id, method, params);
    }
}
