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
     * After two long lines the next one is taken to be as long as the shorter of them, and is written into an array of that length
     * at once instead of twice. If it is longer, its rest waits in pieces; if it is much shorter, it is copied.
     */
    private static final int MOST_OWN_BYTES = 16 << 10;
    private static final int LEAST_OWN_BYTES = 256;

    /** What is shorter is cheap to write twice. */
    private static final int LONG_BYTES = 4 << 10;

    /** The part of a line that has to be there, so that an array for all of it is no waste of memory. */
    private static final int BEGIN = 8;

    /** The part of an array that may stay empty: at its end, where ids and times of other lengths make lines longer, and at all. */
    private static final int ROOM = 64;

    private static final int MOST_ROOM = 8;

    private final PieceStock stock;
    private final List<ByteBuf> pieces = new ArrayList<>();
    /** What stands before the pieces, and how much of it there is. */
    private byte @Nullable [] array;

    private int inArray;
    private int length;
    private int last;
    private int lastButOne;

    PartialLine(PieceStock stock) {
        this.stock = stock;
    }

    /** How many bytes are here. */
    int length() {
        return length;
    }

    /** Takes more of the line; the chunk may be reused afterwards. */
    void append(byte[] chunk, int from, int to) {
        int expected = Math.min(last, lastButOne);
        if (array == null && expected > 0 && length >= expected / BEGIN && length <= expected) {
            array = joined(expected + expected / ROOM);
            inArray = length;
            giveBack();
        }
        int at = from;
        if (array != null && pieces.isEmpty()) {
            int taken = Math.min(to - from, array.length - inArray);
            System.arraycopy(chunk, from, array, inArray, taken);
            inArray += taken;
            at += taken;
        }
        addPieces(chunk, at, to);
        length += to - from;
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
        }
    }

    private ByteBuf piece(int size) {
        return size > MOST_OWN_BYTES ? stock.take() : ByteBufAllocator.DEFAULT.directBuffer(size, size);
    }

    /**
     * Takes the end of the line. Nothing of it stays behind, even if there is no memory for it.
     *
     * @return an array that begins with the line; it may be longer
     */
    byte[] end(byte[] chunk, int from, int to) {
        try {
            int size = length + to - from;
            byte[] line = array != null && pieces.isEmpty() && size <= array.length ? array : joined(size);
            System.arraycopy(chunk, from, line, length, to - from);
            if (size >= LONG_BYTES) {
                lastButOne = last;
                last = size;
            }
            return line.length - size <= line.length / MOST_ROOM ? line : Arrays.copyOf(line, size);
        } finally {
            array = null;
            inArray = 0;
            length = 0;
            giveBack();
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
