package io.agenthub.mcp.internal.stdio;

import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcMessage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** One message as a line, its end included; its parts are put together where it is written. Immutable. */
final class Frame {
    private static final byte[] HEAD = ascii("{\"jsonrpc\":\"2.0\",\"id\":");
    private static final byte[] METHOD = ascii(",\"method\":");
    private static final byte[] PARAMS = ascii(",\"params\":");
    private static final byte[] NO_HEAD = {};
    private static final byte[] LINE_END = {'\n'};
    private static final byte[] OBJECT_END = {'}', '\n'};

    private final byte[] head;
    private final @Nullable JsonText rest;
    private final byte[] end;

    private Frame(byte[] head, @Nullable JsonText rest, byte[] end) {
        this.head = head;
        this.rest = rest;
        this.end = end;
    }

    /** A request. */
    static Frame request(long id, String method, @Nullable JsonText params) {
        byte[] number = ascii(Long.toString(id));
        JsonText name = JsonText.quote(method);
        int length = HEAD.length + number.length + METHOD.length + name.length();
        byte[] head = new byte[params == null ? length : length + PARAMS.length];
        int at = put(HEAD, head, 0);
        at = put(number, head, at);
        at = put(METHOD, head, at);
        at = name.copyTo(head, at);
        if (params != null) {
            put(PARAMS, head, at);
        }
        return new Frame(head, params == null ? null : params.singleLine(), OBJECT_END);
    }

    /** Any message. */
    static Frame message(RpcMessage message) {
        return new Frame(NO_HEAD, message.toJson().singleLine(), LINE_END);
    }

    /** How many bytes it has. */
    int size() {
        return head.length + (rest == null ? 0 : rest.length()) + end.length;
    }

    /** Writes it out. */
    void copyTo(ByteBuffer target) {
        target.put(head);
        if (rest != null) {
            rest.copyTo(target);
        }
        target.put(end);
    }

    private static int put(byte[] part, byte[] target, int at) {
        System.arraycopy(part, 0, target, at, part.length);
        return at + part.length;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
