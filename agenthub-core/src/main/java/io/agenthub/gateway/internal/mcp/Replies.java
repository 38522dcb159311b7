package io.agenthub.gateway.internal.mcp;

import io.agenthub.api.rpc.JsonText;
import io.agenthub.gateway.internal.http.Response;
import io.agenthub.gateway.internal.mcp.wire.RpcRefusal;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Answers to messages that were refused. */
final class Replies {
    private Replies() {}

    /**
     * A refusal as a JSON-RPC error.
     *
     * @param id the id of the request; null leaves it out
     * @param refusal why
     * @return the answer
     */
    static Response refusal(@Nullable JsonText id, RpcRefusal refusal) {
        if (id != null) {
            return Response.rpc(refusal.status(), id, refusal.error());
        }
        Map<String, JsonText> message = new LinkedHashMap<>();
        message.put("jsonrpc", JsonText.quote("2.0"));
        message.put("error", refusal.error().json());
        return Response.json(refusal.status(), JsonText.object(message));
    }
}
