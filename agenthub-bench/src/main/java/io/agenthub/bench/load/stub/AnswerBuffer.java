package io.agenthub.bench.load.stub;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/** Answers that wait to be written together. Confined to one thread; the stream is shared and locked for each write. */
final class AnswerBuffer {
    private static final int FLUSH_AT = 64 * 1024;
    // The order of members is that of the TypeScript SDK: the id comes last, which is the hardest place for a relay.
    private static final byte[] TEXT_HEAD = Bytes.ascii("{\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"");
    private static final byte[] TEXT_TAIL = Bytes.ascii("\"}]},\"jsonrpc\":\"2.0\",\"id\":");
    private static final byte[] END = Bytes.ascii("}\n");
    private static final byte[] FILL =
            Bytes.ascii("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_".repeat(256));

    private final OutputStream out;
    private byte[] bytes = new byte[2 * FLUSH_AT];
    private int size;

    AnswerBuffer(OutputStream out) {
        this.out = out;
    }

    /** Appends a tool's answer: a text, then as many fill bytes as asked for. */
    void text(byte[] line, int textFrom, int textTo, int fill, int idFrom, int idTo) {
        append(TEXT_HEAD, 0, TEXT_HEAD.length);
        append(line, textFrom, textTo);
        for (int left = fill; left > 0; left -= FILL.length) {
            append(FILL, 0, Math.min(left, FILL.length));
        }
        append(TEXT_TAIL, 0, TEXT_TAIL.length);
        append(line, idFrom, idTo);
        append(END, 0, END.length);
    }

    void append(byte[] source, int from, int to) {
        int length = to - from;
        if (size + length > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(size + length, bytes.length * 2));
        }
        System.arraycopy(source, from, bytes, size, length);
        size += length;
    }

    /** Takes out what is in it, instead of writing it. */
    byte[] take() {
        byte[] taken = Arrays.copyOf(bytes, size);
        size = 0;
        return taken;
    }

    void flushIfFull() throws IOException {
        if (size >= FLUSH_AT) {
            flush();
        }
    }

    void flush() throws IOException {
        if (size > 0) {
            synchronized (out) {
                out.write(bytes, 0, size);
            }
            size = 0;
        }
    }
}
