package io.agenthub.api.activity;

import io.agenthub.api.rpc.JsonText;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Copies one JSON value, leaving out what a {@link Redaction} forbids and what does not fit: one pass, which ends where the
 * output is full. Used once.
 */
final class BodyRedactor {
    /** What stands for a value that does not fit, and its length in bytes. */
    private static final byte[] MISSING = "\"…\"".getBytes(StandardCharsets.UTF_8);

    private static final byte[] MARK = ('"' + Redaction.MARK + '"').getBytes(StandardCharsets.UTF_8);
    private static final int MAX_DEPTH = 32;

    private final Redaction redaction;
    private final ByteBuffer in;
    private final byte[] out;
    private int written;
    /** Bytes that are promised already: the brackets that must still be closed. */
    private int promised;

    private boolean full;

    BodyRedactor(Redaction redaction, JsonText body) {
        this.redaction = redaction;
        this.in = body.asByteBuffer();
        this.out = new byte[redaction.maxBodyBytes()];
    }

    JsonText redact() {
        try {
            value();
        } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException e) {
            // Only a text that was trusted wrongly ends or breaks off here.
            return JsonText.trusted(MISSING);
        }
        return JsonText.trusted(Arrays.copyOf(out, written));
    }

    /** Writes what fits of the value at hand; there is always room for {@link #MISSING}. */
    private void value() {
        switch (peek()) {
            case '{' -> container((byte) '{', (byte) '}');
            case '[' -> container((byte) '[', (byte) ']');
            case '"' -> string();
            default -> scalar();
        }
    }

    private void container(byte open, byte close) {
        if (promised >= MAX_DEPTH) {
            writeMissing();
            return;
        }
        in.get();
        put(open);
        promised++;
        boolean first = true;
        while (!full && peek() != close) {
            if (!first) {
                expect(',');
            }
            item(open == '{', first);
            first = false;
        }
        if (!full) {
            in.get();
        }
        promised--;
        put(close);
    }

    private void item(boolean named, boolean first) {
        String key = named ? key() : "";
        byte[] name = named ? JsonBytes.quote(redaction.apply(key)) : new byte[0];
        if (room() < (first ? 0 : 1) + (named ? name.length + 1 : 0) + MARK.length) {
            full = true;
            return;
        }
        if (!first) {
            put((byte) ',');
        }
        if (!named) {
            value();
            return;
        }
        put(name);
        put((byte) ':');
        if (redaction.isTelling(key)) {
            skip();
            put(MARK);
        } else {
            value();
        }
    }

    private String key() {
        int start = stringStart();
        int end = stringEnd(start);
        in.position(end + 1);
        expect(':');
        return JsonBytes.decode(in, start, end);
    }

    private void string() {
        int start = stringStart();
        // A cut escape or character at the end of the window is dropped by the decoder.
        int seen = stringEnd(start, start + 4 * out.length + 16_384);
        String text = JsonBytes.decode(in, start, seen);
        boolean whole = seen < in.limit() && in.get(seen) == '"';
        byte[] literal = JsonBytes.quote(redaction.apply(text));
        if (whole && literal.length <= room()) {
            put(literal);
            in.position(seen + 1);
            return;
        }
        put(JsonBytes.quoteCut(redaction.apply(text), room()));
        full = true;
    }

    private void scalar() {
        int start = in.position();
        int end = start;
        while (end < in.limit() && ",]} \t\r\n".indexOf(in.get(end)) < 0) {
            end++;
        }
        if (end - start > room()) {
            writeMissing();
            return;
        }
        for (int i = start; i < end; i++) {
            put(in.get(i));
        }
        in.position(end);
    }

    private void writeMissing() {
        put(MISSING);
        full = true;
    }

    /** Moves behind the value at hand without writing it. */
    private void skip() {
        int depth = 0;
        do {
            byte b = peek();
            if (b == '"') {
                in.position(stringEnd(in.position() + 1) + 1);
            } else {
                depth += b == '{' || b == '[' ? 1 : b == '}' || b == ']' ? -1 : 0;
                skipToken(b);
            }
        } while (depth > 0);
    }

    private void skipToken(byte first) {
        in.get();
        if ("{}[],:".indexOf(first) >= 0) {
            return;
        }
        while (in.hasRemaining() && ",]} \t\r\n".indexOf(in.get(in.position())) < 0) {
            in.get();
        }
    }

    private int stringStart() {
        expect('"');
        return in.position();
    }

    private int stringEnd(int start) {
        int end = stringEnd(start, Integer.MAX_VALUE);
        if (end == in.limit()) {
            throw new IndexOutOfBoundsException(end);
        }
        return end;
    }

    /** The index of the closing quote, or of the window's end if that comes first. */
    private int stringEnd(int start, int window) {
        int most = window < 0 ? in.limit() : Math.min(in.limit(), window);
        int i = start;
        while (i < most && in.get(i) != '"') {
            i += in.get(i) == '\\' ? 2 : 1;
        }
        return Math.min(i, in.limit());
    }

    private byte peek() {
        while (in.get(in.position()) <= ' ' && in.get(in.position()) >= 0) {
            in.get();
        }
        return in.get(in.position());
    }

    private void expect(char c) {
        if (peek() != c) {
            throw new IllegalArgumentException("not JSON");
        }
        in.get();
    }

    private int room() {
        return out.length - written - promised;
    }

    private void put(byte b) {
        out[written++] = b;
    }

    private void put(byte[] bytes) {
        System.arraycopy(bytes, 0, out, written, bytes.length);
        written += bytes.length;
    }
}
