package io.agenthub.mcp.internal.stdio;

import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcMessage;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Writes messages as lines. */
final class Frames {
    private static final byte[] HEAD = ascii("{\"jsonrpc\":\"2.0\",\"id\":");
    private static final byte[] METHOD = ascii(",\"method\":");
    private static final byte[] PARAMS = ascii(",\"params\":");

    private Frames() {}

    /** A request as one line, its end included; built with a single copy, since requests are most of what is written. */
    static byte[] request(long id, String method, @Nullable JsonText params) {
        byte[] number = ascii(Long.toString(id));
        JsonText name = JsonText.quote(method);
        JsonText line = params == null ? null : params.singleLine();
        int length = HEAD.length + number.length + METHOD.length + name.length() + 2;
        byte[] frame = new byte[line == null ? length : length + PARAMS.length + line.length()];
        int at = put(HEAD, frame, 0);
        at = put(number, frame, at);
        at = put(METHOD, frame, at);
        at = name.copyTo(frame, at);
        if (line != null) {
            at = line.copyTo(frame, put(PARAMS, frame, at));
        }
        frame[at] = '}';
        frame[at + 1] = '\n';
        return frame;
    }

    /** Any message as one line, its end included. */
    static byte[] message(RpcMessage message) {
        JsonText json = message.toJson().singleLine();
        byte[] frame = new byte[json.length() + 1];
        frame[json.copyTo(frame, 0)] = '\n';
        return frame;
    }

    private static int put(byte[] part, byte[] frame, int at) {
        System.arraycopy(part, 0, frame, at, part.length);
        return at + part.length;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
