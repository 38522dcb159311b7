package io.agenthub.mcp.internal.stdio;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream of bytes into lines at each 0x0A, wherever the reads happen to cut it. Confined to one thread.
 *
 * <p>Holds at most twice the limit and a piece of the stock, until {@link #finish}. Of a longer line only what tells whose it is gets
 * remembered.
 */
final class LineFramer {
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH = 0x8080808080808080L;
    private static final long LINE_FEEDS = ONES * '\n';
    private static final int A_WHILE = 256;
    private static final int BLOCK_BYTES = 512;
    private static final byte[] NOTHING = {};

    private final int maxBytes;
    private final Sink sink;
    private final PartialLine begin;
    private @Nullable EnvelopeScan tooLong;

    /** Where the lines go. */
    interface Sink {

        /** One line without its end; the array is the sink's to keep, and longer than the line by a seventh of that at most. */
        void line(byte[] bytes, int from, int to);

        /** A line beyond the limit was passed over. */
        void lineTooLong(EnvelopeScan envelope);
    }

    LineFramer(int maxBytes, PieceStock stock, Sink sink) {
        this.maxBytes = maxBytes;
        this.sink = sink;
        this.begin = new PartialLine(maxBytes == Integer.MAX_VALUE ? maxBytes : maxBytes + 1, stock);
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
        if (begin.length() > 0 || tooLong != null) {
            end(NOTHING, 0, 0);
        }
    }

    private void end(byte[] chunk, int from, int to) {
        if (fits(to - from)) {
            int length = begin.length() + to - from;
            deliver(length == to - from ? Arrays.copyOfRange(chunk, from, to) : begin.end(chunk, from, to), length);
            return;
        }
        keep(chunk, from, to);
        EnvelopeScan envelope = tooLong;
        tooLong = null;
        if (envelope != null) {
            sink.lineTooLong(envelope);
        }
    }

    private void deliver(byte[] line, int length) {
        int to = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
        if (to > maxBytes) {
            EnvelopeScan envelope = new EnvelopeScan();
            envelope.feed(line, 0, to);
            sink.lineTooLong(envelope);
        } else {
            sink.line(line, 0, to);
        }
    }

    /** Whether a line may still be of a length that passes: one more than the limit may be the CR of one just short enough. */
    private boolean fits(int added) {
        return tooLong == null && added <= maxBytes + 1L - begin.length();
    }

    private void keep(byte[] chunk, int from, int to) {
        if (fits(to - from)) {
            begin.append(chunk, from, to);
            return;
        }
        if (tooLong == null) {
            tooLong = new EnvelopeScan();
            byte[] kept = begin.abandon();
            tooLong.feed(kept, 0, kept.length);
        }
        tooLong.feed(chunk, from, to);
    }

    private static int indexOfLineFeed(byte[] bytes, int from, int to) {
        int found = indexInWords(bytes, from, Math.min(to, from + A_WHILE));
        if (found >= 0 || to - from <= A_WHILE) {
            return found;
        }
        int i = from + A_WHILE;
        while (i <= to - BLOCK_BYTES && !holdsLineFeed(bytes, i)) {
            i += BLOCK_BYTES;
        }
        return indexInWords(bytes, i, to);
    }

    private static int indexInWords(byte[] bytes, int from, int to) {
        int i = from;
        for (; i <= to - Long.BYTES; i += Long.BYTES) {
            long marks = marks((long) WORD.get(bytes, i)) & HIGH;
            if (marks != 0) {
                return i + Long.numberOfTrailingZeros(marks) / Byte.SIZE;
            }
        }
        for (; i < to; i++) {
            if (bytes[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    /** Whether a line feed is in a block. Without a way out of its loop, so that HotSpot makes vector instructions of it. */
    private static boolean holdsLineFeed(byte[] bytes, int from) {
        long marks = 0;
        for (int i = from; i < from + BLOCK_BYTES; i += Long.BYTES) {
            marks |= marks((long) WORD.get(bytes, i));
        }
        return (marks & HIGH) != 0;
    }

    /** Sets the high bit of each line feed in a word, and perhaps of some bytes above one. */
    private static long marks(long word) {
        long others = word ^ LINE_FEEDS;
        return others - ONES & ~others;
    }
}
