package io.agenthub.mcp.internal.stdio;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Memory outside the heap where long lines wait for their ends and what is written is put together, shared by the children of one
 * loop and confined to it. Fresh memory costs more than what is then written to it, so pieces that come back stay at hand; those that
 * nobody took for a while are freed.
 */
final class PieceStock {
    static final int PIECE_BYTES = 64 << 10;

    /** Without a look-out for leaks: what a loop that ended leaves behind is freed with this object. */
    private static final ByteBufAllocator MEMORY = new UnpooledByteBufAllocator(true, true);

    private final Executor afterAWhile;
    private final Deque<ByteBuf> spare = new ArrayDeque<>();
    private int leastSpare;
    private boolean watching;

    /**
     * Begins empty.
     *
     * @param afterAWhile runs a task on the loop, later; refuses once the loop is closed
     */
    PieceStock(Executor afterAWhile) {
        this.afterAWhile = afterAWhile;
    }

    /** A piece of {@link #PIECE_BYTES}, empty; to be given back, or released. */
    ByteBuf take() {
        ByteBuf piece = spare.pollLast();
        if (piece == null) {
            return MEMORY.directBuffer(PIECE_BYTES, PIECE_BYTES);
        }
        leastSpare = Math.min(leastSpare, spare.size());
        return piece;
    }

    void giveBack(ByteBuf piece) {
        spare.addLast(piece.clear());
        if (!watching) {
            watch();
        }
    }

    private void watch() {
        try {
            afterAWhile.execute(this::trim);
            watching = true;
        } catch (RejectedExecutionException e) {
            // The loop is closed: nobody will want them.
            watching = false;
            leastSpare = spare.size();
            freeUnused();
        }
    }

    private void trim() {
        freeUnused();
        leastSpare = spare.size();
        watching = false;
        if (leastSpare > 0) {
            watch();
        }
    }

    private void freeUnused() {
        for (; leastSpare > 0; leastSpare--) {
            spare.removeLast().release();
        }
    }

    /** How many pieces wait to be taken. */
    int spare() {
        return spare.size();
    }
}
