package io.agenthub.gateway.internal.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Writes the head of an answer. */
final class ResponseEncoder {
    /** More than any head of ours. */
    static final int HEAD_BYTES = 512;

    private static final byte[] OK = ascii("HTTP/1.1 200 OK\r\n");
    private static final byte[] FIXED = ascii("x-content-type-options: nosniff\r\ncache-control: no-store\r\n");
    private static final byte[] TYPE = ascii("content-type: ");
    private static final byte[] LENGTH = ascii("content-length: ");
    private static final byte[] CHUNKED = ascii("transfer-encoding: chunked\r\n");
    private static final byte[] CLOSE = ascii("connection: close\r\n");
    private static final byte[] LINE_END = ascii("\r\n");

    private ResponseEncoder() {}

    /**
     * Writes a head.
     *
     * @param out where to
     * @param response whose head
     * @param length of the body; negative means it comes in chunks
     * @param close whether the connection ends with it
     * @param date the {@code date} header line, whole
     */
    static void head(ByteBuf out, Response response, long length, boolean close, byte[] date) {
        if (response.status() == 200) {
            out.writeBytes(OK);
        } else {
            text(out, "HTTP/1.1 " + HttpResponseStatus.valueOf(response.status()) + "\r\n");
        }
        out.writeBytes(date).writeBytes(FIXED);
        if (!response.contentType().isEmpty()) {
            out.writeBytes(TYPE);
            text(out, response.contentType());
            out.writeBytes(LINE_END);
        }
        for (Map.Entry<String, String> header : response.headers().entrySet()) {
            text(out, header.getKey());
            text(out, ": ");
            text(out, printable(header.getValue()));
            out.writeBytes(LINE_END);
        }
        if (length < 0) {
            out.writeBytes(CHUNKED);
        } else {
            out.writeBytes(LENGTH);
            text(out, Long.toString(length));
            out.writeBytes(LINE_END);
        }
        if (close) {
            out.writeBytes(CLOSE);
        }
        out.writeBytes(LINE_END);
    }

    /** No value, wherever it came from, can end its line. */
    private static String printable(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) < ' ' || value.charAt(i) > '~') {
                throw new IllegalArgumentException("a response header with a character that is not printable ASCII");
            }
        }
        return value;
    }

    private static void text(ByteBuf out, String text) {
        ByteBufUtil.writeAscii(out, text);
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
