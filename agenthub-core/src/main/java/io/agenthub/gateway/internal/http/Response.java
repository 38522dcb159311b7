package io.agenthub.gateway.internal.http;

import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.rpc.RpcResult;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An answer, whole.
 *
 * @param status the HTTP status
 * @param contentType the media type of the body; empty if there is none
 * @param body the body in parts, sent one after the other; their positions are not changed
 * @param headers more headers; names in lower case
 */
public record Response(int status, String contentType, List<ByteBuffer> body, Map<String, String> headers) {
    static final String JSON = "application/json";
    private static final ByteBuffer RPC_HEAD = utf8("{\"jsonrpc\":\"2.0\",\"id\":");
    private static final ByteBuffer RPC_RESULT = utf8(",\"result\":");
    private static final ByteBuffer RPC_ERROR = utf8(",\"error\":");
    private static final ByteBuffer RPC_END = utf8("}");

    /**
     * A JSON answer.
     *
     * @param status the HTTP status
     * @param body the JSON
     * @return the answer
     */
    public static Response json(int status, JsonText body) {
        return new Response(status, JSON, List.of(body.asByteBuffer()), Map.of());
    }

    /**
     * A JSON answer from plain values.
     *
     * @param status the HTTP status
     * @param body what {@link JsonText#ofValue} takes
     * @return the answer
     */
    public static Response json(int status, Map<String, ?> body) {
        return json(status, JsonText.ofValue(body));
    }

    /**
     * A JSON-RPC response around an outcome whose bytes are not copied.
     *
     * @param status the HTTP status
     * @param id the caller's id
     * @param outcome what came of its request
     * @return the answer
     */
    public static Response rpc(int status, JsonText id, RpcOutcome outcome) {
        boolean success = outcome instanceof RpcResult;
        JsonText value = outcome instanceof RpcResult result ? result.value() : ((RpcError) outcome).json();
        List<ByteBuffer> parts =
                List.of(RPC_HEAD, id.asByteBuffer(), success ? RPC_RESULT : RPC_ERROR, value.asByteBuffer(), RPC_END);
        return new Response(status, JSON, parts, Map.of());
    }

    /**
     * An answer without a body.
     *
     * @param status the HTTP status
     * @return the answer
     */
    public static Response empty(int status) {
        return new Response(status, "", List.of(), Map.of());
    }

    /**
     * An answer in text, such as a page.
     *
     * @param status the HTTP status
     * @param contentType the media type, with charset UTF-8
     * @param body the text
     * @return the answer
     */
    public static Response text(int status, String contentType, String body) {
        return new Response(status, contentType, List.of(utf8(body)), Map.of());
    }

    private static ByteBuffer utf8(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)).asReadOnlyBuffer();
    }

    /**
     * The same answer with one more header.
     *
     * @param name in lower case
     * @param value printable characters only
     * @return the answer
     */
    public Response with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Response(status, contentType, body, more);
    }

    int length() {
        int length = 0;
        for (ByteBuffer part : body) {
            length += part.remaining();
        }
        return length;
    }
}
