package io.agenthub.api.rpc;

import org.jspecify.annotations.Nullable;

/**
 * The answer to a request.
 *
 * @param id the id of the request, or null in an error about a request whose id could not be read
 * @param outcome what came of it
 */
public record RpcResponse(@Nullable JsonText id, RpcOutcome outcome) implements RpcMessage {
    @Override
    public JsonText toJson() {
        return RpcWriter.response(id, outcome);
    }
}
