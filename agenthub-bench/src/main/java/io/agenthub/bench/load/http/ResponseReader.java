package io.agenthub.bench.load.http;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Takes HTTP/1.1 responses apart, one at a time. Confined to one connection. */
final class ResponseReader {
    private static final byte[] LENGTH = ascii("content-length:");
    private static final byte[] CHUNKED = ascii("transfer-encoding: chunked");
    private static final byte[] CLOSE = ascii("connection: close");
    private static final int STATUS_AT = "HTTP/1.1 ".length();

    private byte[] bytes = new byte[1024];
    private int size;
    private int scanned;
    private int bodyFrom = -1;
    private int bodyTo;
    private boolean chunked;
    private boolean closing;

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Takes bytes in; true if a response is complete. */
    boolean read(ByteBuf in) {
        int length = in.readableBytes();
        reserve(size + length);
        in.readBytes(bytes, size, length);
        size += length;
        return complete();
    }

    /** Drops the response that is complete; true if the next one is complete, too. */
    boolean next() {
        int end = bodyTo;
        System.arraycopy(bytes, end, bytes, 0, size - end);
        size -= end;
        scanned = 0;
        bodyFrom = -1;
        return size > 0 && complete();
    }

    private void reserve(int capacity) {
        if (capacity > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(capacity, bytes.length * 2));
        }
    }

    private boolean complete() {
        if (bodyFrom < 0 && !head()) {
            return false;
        }
        return chunked ? chunks() : size >= bodyTo;
    }

    private boolean head() {
        for (int i = Math.max(scanned, 3); i < size; i++) {
            if (bytes[i] == '\n' && bytes[i - 2] == '\n') {
                bodyFrom = i + 1;
                headers(i);
                return true;
            }
        }
        scanned = size;
        return false;
    }

    private void headers(int end) {
        int length = 0;
        chunked = false;
        closing = false;
        for (int i = STATUS_AT; i < end; i++) {
            if (bytes[i] == '\n') {
                if (matches(i + 1, LENGTH)) {
                    length = decimal(i + 1 + LENGTH.length);
                } else if (matches(i + 1, CHUNKED)) {
                    chunked = true;
                } else if (matches(i + 1, CLOSE)) {
                    closing = true;
                }
            }
        }
        bodyTo = bodyFrom + length;
        reserve(bodyTo);
    }

    private boolean matches(int at, byte[] lowerCase) {
        for (int i = 0; i < lowerCase.length; i++) {
            int c = bytes[at + i];
            if (c != lowerCase[i] && (c < 'A' || c > 'Z' || c + 32 != lowerCase[i])) {
                return false;
            }
        }
        return true;
    }

    private int decimal(int from) {
        int value = 0;
        for (int i = from; bytes[i] != '\r'; i++) {
            if (bytes[i] != ' ') {
                value = value * 10 + bytes[i] - '0';
            }
        }
        return value;
    }

    /** Joins the chunks in place once the last one is there. */
    private boolean chunks() {
        int at = bodyFrom;
        while (true) {
            int lineEnd = lineEnd(at);
            if (lineEnd < 0) {
                return false;
            }
            int length = Integer.parseInt(text(at, lineEnd - 1), 16);
            at = lineEnd + 1 + length + 2;
            if (at > size) {
                return false;
            }
            if (length == 0) {
                break;
            }
        }
        join(at);
        return true;
    }

    private void join(int end) {
        int to = bodyFrom;
        int at = bodyFrom;
        while (at < end) {
            int lineEnd = lineEnd(at);
            int length = Integer.parseInt(text(at, lineEnd - 1), 16);
            System.arraycopy(bytes, lineEnd + 1, bytes, to, length);
            to += length;
            at = lineEnd + 1 + length + 2;
        }
        System.arraycopy(bytes, end, bytes, to, size - end);
        size -= end - to;
        bodyTo = to;
        chunked = false;
    }

    private int lineEnd(int from) {
        for (int i = from; i < size; i++) {
            if (bytes[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    int status() {
        return (bytes[STATUS_AT] - '0') * 100 + (bytes[STATUS_AT + 1] - '0') * 10 + bytes[STATUS_AT + 2] - '0';
    }

    /** Whether the server said that it closes the connection. */
    boolean closing() {
        return closing;
    }

    byte[] bytes() {
        return bytes;
    }

    int bodyFrom() {
        return bodyFrom;
    }

    int bodyTo() {
        return bodyTo;
    }

    /** The whole head, for the first answer of a session. */
    String headText() {
        return text(0, bodyFrom);
    }

    String bodyText() {
        return text(bodyFrom, bodyTo);
    }

    private String text(int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }
}
