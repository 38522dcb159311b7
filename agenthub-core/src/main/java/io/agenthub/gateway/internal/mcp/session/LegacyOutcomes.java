package io.agenthub.gateway.internal.mcp.session;

import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.rpc.RpcRequest;
import io.agenthub.api.rpc.RpcResult;
import io.agenthub.gateway.internal.mcp.wire.Meta;
import java.util.LinkedHashMap;
import java.util.Map;

/** Outcomes as clients with sessions know them: without what only stateless servers say. */
final class LegacyOutcomes {
    private static final int RESOURCE_NOT_FOUND = -32002;

    private LegacyOutcomes() {}

    /**
     * The outcome of a request.
     *
     * @param outcome as the server gave it
     * @return the same, byte for byte, if it comes from a server with sessions
     */
    static RpcOutcome of(RpcRequest request, RpcOutcome outcome) {
        if (outcome instanceof RpcResult result) {
            // Only a stateless server says what type its result is.
            boolean modern = result.value().member("resultType").isPresent();
            return modern ? new RpcResult(plain(result.value())) : result;
        }
        return error(request, (RpcError) outcome);
    }

    private static JsonText plain(JsonText result) {
        Map<String, JsonText> members = new LinkedHashMap<>(result.members());
        members.keySet().removeAll(java.util.Set.of("resultType", "ttlMs", "cacheScope"));
        return Meta.stripped(JsonText.object(members));
    }

    private static RpcError error(RpcRequest request, RpcError error) {
        boolean reserved = error.code() <= -32_020 && error.code() >= -32_022;
        if (reserved) {
            return RpcError.of(
                    RpcError.INTERNAL_ERROR, error.message(), error.data().orElse(null));
        }
        boolean notFound = error.code() == RpcError.INVALID_PARAMS
                && request.method().equals("resources/read")
                && error.data().flatMap(data -> data.member("uri")).isPresent();
        return notFound
                ? RpcError.of(RESOURCE_NOT_FOUND, error.message(), error.data().orElse(null))
                : error;
    }
}
