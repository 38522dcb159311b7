package io.agenthub.gateway.internal.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
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
    private static final byte[] END = ascii("\r\n\r\n");

    private ResponseEncoder() {}

    /** What heads have in common while the date does not change. */
    static final class Start {
        private final byte[] date;
        private final byte[] json;

        /**
         * Makes the start of heads.
         *
         * @param date the {@code date} header line, whole
         */
        Start(byte[] date) {
            this.date = date;
            ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES);
            head.put(OK)
                    .put(date)
                    .put(FIXED)
                    .put(TYPE)
                    .put(ascii(Response.JSON))
                    .put(LINE_END);
            head.put(LENGTH);
            this.json = Arrays.copyOf(head.array(), head.position());
        }
    }

    /**
     * Writes a head.
     *
     * @param out where to
     * @param response whose head
     * @param length of the body; negative means it comes in chunks
     * @param close whether the connection ends with it
     * @param start what it has in common with others
     */
    static void head(ByteBuf out, Response response, long length, boolean close, Start start) {
        if (!close && length >= 0 && isPlainJson(response)) {
            out.writeBytes(start.json);
            decimal(out, length);
            out.writeBytes(END);
        } else {
            rare(out, response, length, close, start.date);
        }
    }

    private static boolean isPlainJson(Response response) {
        return response.status() == 200
                && response.headers().isEmpty()
                && response.contentType().equals(Response.JSON);
    }

    private static void decimal(ByteBuf out, long number) {
        long power = 1;
        while (number / power >= 10) {
            power *= 10;
        }
        for (; power > 0; power /= 10) {
            out.writeByte((int) ('0' + number / power % 10));
        }
    }

    private static void rare(ByteBuf out, Response response, long length, boolean close, byte[] date) {
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
