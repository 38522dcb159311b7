package io.agenthub.mcp.internal.stdio;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The begin of a line whose end is still to come. Confined to one thread. */
final class PartialLine {
    /*
     * It waits in pieces outside the heap, and becomes one array of just its size when its end is there: a long line leaves no trail of
     * arrays that were too short for it. Pieces grow with the line; the large ones are of the stock's size and come from there.
     *
     * Lines that came in parts before tell how long this one may be: as long as the shorter of the last two. Once a quarter of that is
     * there, it goes on in an array made for all of it, so that the rest is written once and not twice. If it is longer after all, what is
     * left waits in pieces again; if it is much shorter, it is copied.
     */
    private static final int MOST_OWN_BYTES = 16 << 10;
    private static final int LEAST_OWN_BYTES = 256;

    /** Shorter lines are cheap to write twice. */
    private static final int LEAST_EXPECTED_BYTES = 4 << 10;

    /** The share that has to be there before an array is made for a whole line: a quarter. */
    private static final int BEGUN_SHARE = 4;

    /** What the array has more than is expected, for ids and times that are longer by some digits: a 64th. */
    private static final int ROOM_SHARE = 64;

    /** How much of the array may be left over for good: an eighth. */
    private static final int MOST_LEFT_SHARE = 8;

    private final int most;
    private final PieceStock stock;
    private final List<ByteBuf> pieces = new ArrayList<>();

    /** What stands before the pieces, once it is made. */
    private byte @Nullable [] array;

    /** How much of the array is written. */
    private int inArray;

    /** How much there is in all. */
    private int length;

    private int last;
    private int lastButOne;

    /**
     * Begins empty.
     *
     * @param most bytes of the longest line
     */
    PartialLine(int most, PieceStock stock) {
        this.most = most;
        this.stock = stock;
    }

    /** How many bytes are here. */
    int length() {
        return length;
    }

    /** Takes more of the line; the chunk may be reused afterwards. */
    void append(byte[] chunk, int from, int to) {
        if (array == null) {
            expect();
        }
        int at = from;
        if (array != null && pieces.isEmpty()) {
            int taken = Math.min(to - from, array.length - inArray);
            System.arraycopy(chunk, from, array, inArray, taken);
            inArray += taken;
            length += taken;
            at += taken;
        }
        addPieces(chunk, at, to);
    }

    /** Makes the array, if it is likely to be filled. */
    private void expect() {
        int expected = Math.min(last, lastButOne);
        if (expected >= LEAST_EXPECTED_BYTES && length >= expected / BEGUN_SHARE && length <= expected) {
            array = joined(expected + Math.min(expected / ROOM_SHARE, most - expected));
            inArray = length;
            giveBack();
        }
    }

    private void addPieces(byte[] chunk, int from, int to) {
        int at = from;
        while (at < to) {
            ByteBuf piece = pieces.isEmpty() ? null : pieces.get(pieces.size() - 1);
            if (piece == null || !piece.isWritable()) {
                piece = piece(Math.max(to - at, Math.max(length, LEAST_OWN_BYTES)));
                pieces.add(piece);
            }
            int taken = Math.min(to - at, piece.writableBytes());
            piece.writeBytes(chunk, at, taken);
            at += taken;
            length += taken;
        }
    }

    private ByteBuf piece(int size) {
        return size > MOST_OWN_BYTES ? stock.take() : ByteBufAllocator.DEFAULT.directBuffer(size, size);
    }

    /**
     * Takes the end of the line. Nothing of it stays behind, even if there is no memory for it.
     *
     * @return an array that begins with the line, and may be longer by a seventh of that
     */
    byte[] end(byte[] chunk, int from, int to) {
        try {
            int size = length + to - from;
            byte[] line = array != null && pieces.isEmpty() && size <= array.length ? array : joined(size);
            System.arraycopy(chunk, from, line, length, to - from);
            lastButOne = last;
            last = size;
            return line.length - size <= line.length / MOST_LEFT_SHARE ? line : Arrays.copyOf(line, size);
        } finally {
            forget();
        }
    }

    /** Takes what is here of a line that is too long to be of use. */
    byte[] abandon() {
        try {
            return joined(length);
        } finally {
            forget();
        }
    }

    /** All that is here, at the begin of a new array. */
    private byte[] joined(int size) {
        byte[] line = new byte[size];
        if (array != null) {
            System.arraycopy(array, 0, line, 0, inArray);
        }
        int at = inArray;
        for (ByteBuf piece : pieces) {
            int bytes = piece.readableBytes();
            piece.getBytes(piece.readerIndex(), line, at, bytes);
            at += bytes;
        }
        return line;
    }

    private void forget() {
        array = null;
        inArray = 0;
        length = 0;
        giveBack();
    }

    private void giveBack() {
        for (ByteBuf piece : pieces) {
            if (piece.capacity() == PieceStock.PIECE_BYTES) {
                stock.giveBack(piece);
            } else {
                piece.release();
            }
        }
        pieces.clear();
    }
}
