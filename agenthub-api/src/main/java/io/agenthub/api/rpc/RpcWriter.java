package io.agenthub.api.rpc;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Writes envelopes around parts that are carried over as they are. */
final class RpcWriter {
    private static final byte[] HEAD = ascii("{\"jsonrpc\":\"2.0\"");
    private static final byte[] ID = ascii(",\"id\":");
    private static final byte[] METHOD = ascii(",\"method\":");
    private static final byte[] PARAMS = ascii(",\"params\":");
    private static final byte[] RESULT = ascii(",\"result\":");
    private static final byte[] ERROR = ascii(",\"error\":");

    private RpcWriter() {}

    static JsonText call(@Nullable JsonText id, String method, @Nullable JsonText params) {
        byte[] name = JsonStrings.quote(method);
        int length = HEAD.length + size(ID, id) + METHOD.length + name.length + size(PARAMS, params) + 1;
        byte[] out = new byte[length];
        int at = put(HEAD, out, 0);
        at = put(ID, id, out, at);
        at = put(METHOD, out, at);
        at = put(name, out, at);
        at = put(PARAMS, params, out, at);
        out[at] = '}';
        return JsonText.trusted(out);
    }

    static JsonText response(@Nullable JsonText id, RpcOutcome outcome) {
        byte[] key = outcome instanceof RpcResult ? RESULT : ERROR;
        JsonText value = outcome instanceof RpcResult result ? result.value() : ((RpcError) outcome).json();
        JsonText echoed = id == null ? JsonText.NULL : id;
        byte[] out = new byte[HEAD.length + size(ID, echoed) + size(key, value) + 1];
        int at = put(HEAD, out, 0);
        at = put(ID, echoed, out, at);
        at = put(key, value, out, at);
        out[at] = '}';
        return JsonText.trusted(out);
    }

    private static int size(byte[] key, @Nullable JsonText value) {
        return value == null ? 0 : key.length + value.length();
    }

    private static int put(byte[] part, byte[] out, int at) {
        System.arraycopy(part, 0, out, at, part.length);
        return at + part.length;
    }

    private static int put(byte[] key, @Nullable JsonText value, byte[] out, int at) {
        return value == null ? at : value.copyTo(out, put(key, out, at));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
