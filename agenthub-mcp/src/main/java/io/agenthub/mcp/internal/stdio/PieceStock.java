package io.agenthub.mcp.internal.stdio;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/**
 * Memory outside the heap where long lines wait for their ends and what is written is put together, shared by the children of one
 * loop and confined to it. Fresh memory costs more than what is then written to it, so pieces that come back stay at hand; those that
 * nobody took for a while are freed.
 */
final class PieceStock {
    static final int PIECE_BYTES = 64 << 10;

    /** Without a look-out for leaks: it is looked after here. */
    private static final ByteBufAllocator MEMORY = new UnpooledByteBufAllocator(true, true);

    private final Executor afterAWhile;
    private final Supplier<ByteBuf> memory;
    private final Deque<ByteBuf> spare = new ArrayDeque<>();
    private int leastSpare;
    private boolean watching;
    private boolean closed;

    /**
     * Begins empty.
     *
     * @param afterAWhile runs a task on the loop, later; refuses once the loop is closed
     */
    PieceStock(Executor afterAWhile) {
        this(afterAWhile, () -> MEMORY.directBuffer(PIECE_BYTES, PIECE_BYTES));
    }

    PieceStock(Executor afterAWhile, Supplier<ByteBuf> memory) {
        this.afterAWhile = afterAWhile;
        this.memory = memory;
    }

    /** A piece of {@link #PIECE_BYTES}, empty; to be given back, or released. */
    ByteBuf take() {
        ByteBuf piece = spare.pollLast();
        if (piece == null) {
            return memory.get();
        }
        leastSpare = Math.min(leastSpare, spare.size());
        return piece;
    }

    void giveBack(ByteBuf piece) {
        if (closed) {
            piece.release();
            return;
        }
        spare.addLast(piece.clear());
        if (!watching) {
            watch();
        }
    }

    /** Frees what is spare, and from now on whatever comes back: what is dropped instead stays on Netty's account of direct memory. */
    void close() {
        closed = true;
        leastSpare = spare.size();
        freeUnused();
    }

    private void watch() {
        try {
            afterAWhile.execute(this::trim);
            watching = true;
        } catch (RejectedExecutionException e) {
            // The loop is closed: nobody will want them.
            close();
        }
    }

    private void trim() {
        if (closed) {
            return;
        }
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
