package io.agenthub.ollama.internal.http;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** Cuts a stream of bytes into lines, ended by LF or CRLF. Confined to one thread at a time. */
public final class LineSplitter {
    private final int maxLineBytes;
    private ByteArrayOutputStream rest = new ByteArrayOutputStream();

    /**
     * Creates a splitter.
     *
     * @param maxLineBytes the longest line
     */
    public LineSplitter(int maxLineBytes) {
        this.maxLineBytes = maxLineBytes;
    }

    /**
     * Takes the next bytes.
     *
     * @param bytes any part of the stream
     * @return the lines that they complete, without their ends
     * @throws LineTooLongException if a line is longer than allowed
     */
    public List<byte[]> split(byte[] bytes) {
        List<byte[]> lines = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                append(bytes, from, i);
                lines.add(take());
                from = i + 1;
            }
        }
        append(bytes, from, bytes.length);
        return lines;
    }

    private void append(byte[] bytes, int from, int to) {
        if (rest.size() + (to - from) > maxLineBytes) {
            throw new LineTooLongException(maxLineBytes);
        }
        rest.write(bytes, from, to - from);
    }

    /**
     * What came after the last line end.
     *
     * @return the last, unended line; possibly empty
     */
    public byte[] take() {
        byte[] line = rest.toByteArray();
        rest = new ByteArrayOutputStream();
        int length = line.length > 0 && line[line.length - 1] == '\r' ? line.length - 1 : line.length;
        return length == line.length ? line : java.util.Arrays.copyOf(line, length);
    }

    /** A line was longer than allowed. */
    public static final class LineTooLongException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        LineTooLongException(int maxLineBytes) {
            super("a line is longer than " + maxLineBytes + " bytes", null, false, false);
        }
    }
}
