package io.agenthub.mcp.internal.stdio;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream of bytes into lines at each 0x0A, wherever the reads happen to cut it. Confined to one thread.
 *
 * <p>Holds at most twice the limit. Of a longer line only what tells whose it is gets remembered.
 */
final class LineFramer {
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH = 0x8080808080808080L;
    private static final long LINE_FEEDS = ONES * '\n';
    private static final byte[] NOTHING = {};

    private final int maxBytes;
    private final Sink sink;
    private byte[] partial = NOTHING;
    private int length;
    private @Nullable EnvelopeScan tooLong;

    /** Where the lines go. */
    interface Sink {

        /** One line without its end; the array is the sink's to keep. */
        void line(byte[] bytes, int from, int to);

        /** A line beyond the limit was passed over. */
        void lineTooLong(EnvelopeScan envelope);
    }

    LineFramer(int maxBytes, Sink sink) {
        this.maxBytes = maxBytes;
        this.sink = sink;
    }

    /** Takes the next bytes of the stream; the array may be reused afterwards. */
    void feed(byte[] chunk, int from, int to) {
        int at = from;
        while (at < to) {
            int lineFeed = indexOfLineFeed(chunk, at, to);
            if (lineFeed < 0) {
                keep(chunk, at, to);
                return;
            }
            end(chunk, at, lineFeed);
            at = lineFeed + 1;
        }
    }

    /** The stream ended: what stands there without a line end is a line too. */
    void finish() {
        if (length > 0 || tooLong != null) {
            end(NOTHING, 0, 0);
        }
    }

    private void end(byte[] chunk, int from, int to) {
        if (length == 0 && tooLong == null && to - from <= maxBytes) {
            byte[] line = Arrays.copyOfRange(chunk, from, to);
            deliver(line, line.length);
            return;
        }
        keep(chunk, from, to);
        EnvelopeScan envelope = tooLong;
        byte[] line = partial;
        int end = length;
        partial = NOTHING;
        length = 0;
        tooLong = null;
        if (envelope != null) {
            sink.lineTooLong(envelope);
        } else {
            deliver(line, end);
        }
    }

    private void deliver(byte[] line, int end) {
        int to = end > 0 && line[end - 1] == '\r' ? end - 1 : end;
        if (to > maxBytes) {
            EnvelopeScan envelope = new EnvelopeScan();
            envelope.feed(line, 0, to);
            sink.lineTooLong(envelope);
        } else {
            // A slack array would be kept alive by the message made from it.
            boolean slack = line.length - to > 1_024 && line.length - to > to / 4;
            sink.line(slack ? Arrays.copyOf(line, to) : line, 0, to);
        }
    }

    private void keep(byte[] chunk, int from, int to) {
        int added = to - from;
        // One more than the limit: it may be the CR of a line that is just short enough.
        if (tooLong == null && added > maxBytes + 1L - length) {
            tooLong = new EnvelopeScan();
            tooLong.feed(partial, 0, length);
            partial = NOTHING;
            length = 0;
        }
        if (tooLong != null) {
            tooLong.feed(chunk, from, to);
            return;
        }
        if (length + added > partial.length) {
            long grown = Math.max(length + added, Math.min(partial.length * 2L, maxBytes + 1L));
            partial = Arrays.copyOf(partial, (int) grown);
        }
        System.arraycopy(chunk, from, partial, length, added);
        length += added;
    }

    private static int indexOfLineFeed(byte[] bytes, int from, int to) {
        int i = from;
        for (; i + Long.BYTES <= to; i += Long.BYTES) {
            long word = (long) WORD.get(bytes, i) ^ LINE_FEEDS;
            long zeros = word - ONES & ~word & HIGH;
            if (zeros != 0) {
                return i + Long.numberOfTrailingZeros(zeros) / Byte.SIZE;
            }
        }
        for (; i < to; i++) {
            if (bytes[i] == '\n') {
                return i;
            }
        }
        return -1;
    }
}
