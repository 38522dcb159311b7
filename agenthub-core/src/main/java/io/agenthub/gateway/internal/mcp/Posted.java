package io.agenthub.gateway.internal.mcp;

import io.agenthub.api.rpc.JsonLimits;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.MalformedMessageException;
import io.agenthub.api.rpc.RpcMessage;
import io.agenthub.api.rpc.RpcRequest;
import io.agenthub.gateway.internal.mcp.wire.Meta;
import io.agenthub.gateway.internal.mcp.wire.RpcRefusal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What a client posted.
 *
 * @param messages at least one
 * @param isBatch whether they came in an array
 */
record Posted(List<RpcMessage> messages, boolean isBatch) {
    private static final int LARGEST_BATCH = 100;

    /**
     * Reads a body.
     *
     * @throws MalformedMessageException if it is not JSON, or not JSON-RPC
     * @throws RpcRefusal if it is a batch that no revision knows
     */
    static Posted read(byte[] body) {
        return isArray(body)
                ? batch(JsonText.of(body, JsonLimits.DOOR))
                : new Posted(List.of(RpcMessage.parse(body, JsonLimits.DOOR)), false);
    }

    private static boolean isArray(byte[] body) {
        for (byte b : body) {
            if (b != ' ' && b != '\t' && b != '\r' && b != '\n') {
                return b == '[';
            }
        }
        return false;
    }

    private static Posted batch(JsonText array) {
        List<JsonText> elements = array.elements();
        if (elements.isEmpty() || elements.size() > LARGEST_BATCH) {
            throw RpcRefusal.invalidRequest(400, "A batch has 1 to " + LARGEST_BATCH + " messages");
        }
        List<RpcMessage> messages = new ArrayList<>(elements.size());
        for (JsonText element : elements) {
            RpcMessage message = RpcMessage.parse(element.toString().getBytes(StandardCharsets.UTF_8), JsonLimits.DOOR);
            if (message instanceof RpcRequest request
                    && (request.method().equals("initialize")
                            || Meta.get(request.params(), Meta.PROTOCOL_VERSION).isPresent())) {
                throw RpcRefusal.invalidRequest(400, request.method() + " cannot be part of a batch");
            }
            messages.add(message);
        }
        return new Posted(messages, true);
    }

    RpcMessage first() {
        return messages.get(0);
    }
}
