package io.agenthub.mcp.internal.stdio;

import io.agenthub.mcp.internal.call.Redactor;
import java.nio.charset.StandardCharsets;

/** The last 64 KiB of what a child wrote to its error output. Thread-safe. */
final class StderrTail {
    private static final int CAPACITY = 64 << 10;
    private static final int READ_BYTES = 16 << 10;
    private static final int SHOWN_BYTES = 2 << 10;

    private final Redactor redactor;
    private byte[] ring = new byte[1 << 10];
    private long written;

    StderrTail(Redactor redactor) {
        this.redactor = redactor;
    }

    synchronized void append(byte[] bytes, int from, int to) {
        int start = Math.max(from, to - CAPACITY);
        written += start - from;
        grow(to - start);
        for (int i = start; i < to; ) {
            int at = (int) (written % ring.length);
            int n = Math.min(to - i, ring.length - at);
            System.arraycopy(bytes, i, ring, at, n);
            i += n;
            written += n;
        }
    }

    /** A ring that has not wrapped yet may grow; most children write little. */
    private void grow(int more) {
        if (ring.length < CAPACITY && written + more > ring.length) {
            byte[] larger = new byte[CAPACITY];
            System.arraycopy(ring, 0, larger, 0, (int) Math.min(written, ring.length));
            ring = larger;
        }
    }

    /** The last of it, at most 2 KiB, without what looks like a secret. */
    String redacted() {
        String shown = redactor.redact(text()).strip();
        byte[] utf8 = shown.getBytes(StandardCharsets.UTF_8);
        if (utf8.length <= SHOWN_BYTES) {
            return shown;
        }
        int from = utf8.length - SHOWN_BYTES;
        while (from < utf8.length && (utf8[from] & 0xC0) == 0x80) {
            from++;
        }
        return new String(utf8, from, utf8.length - from, StandardCharsets.UTF_8);
    }

    /** Enough of the end to show, begun at a word, since half a secret cannot be recognised. */
    private synchronized String text() {
        int available = (int) Math.min(written, Math.min(ring.length, READ_BYTES));
        byte[] end = new byte[available];
        for (int i = 0; i < available; i++) {
            end[i] = ring[(int) ((written - available + i) % ring.length)];
        }
        String text = new String(end, StandardCharsets.UTF_8);
        return written > available ? text.substring(firstSpace(text)) : text;
    }

    private static int firstSpace(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isWhitespace(text.charAt(i))) {
                return i;
            }
        }
        return text.length();
    }
}
