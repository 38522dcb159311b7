package io.agenthub.mcp.internal.stdio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class PieceStockTest {
    private final Deque<Runnable> later = new ArrayDeque<>();
    private final PieceStock stock = new PieceStock(later::add);

    private void aWhilePasses() {
        later.remove().run();
    }

    @Test
    void aPieceThatCameBackIsTakenAgainAndEmpty() {
        ByteBuf piece = stock.take();
        stock.giveBack(piece.writeZero(10));
        assertSame(piece, stock.take());
        assertEquals(0, piece.readableBytes());
        assertEquals(PieceStock.PIECE_BYTES, piece.writableBytes());
        piece.release();
    }

    @Test
    void whatIsInUseIsNotHandedOutAgain() {
        ByteBuf first = stock.take();
        ByteBuf second = stock.take();
        assertNotSame(first, second);
        stock.giveBack(first);
        stock.giveBack(second);
        assertEquals(2, stock.spare());
    }

    @Test
    void whatNobodyTookForAWhileIsFreed() {
        ByteBuf first = stock.take();
        ByteBuf second = stock.take();
        stock.giveBack(first);
        stock.giveBack(second);
        aWhilePasses();
        assertEquals(2, stock.spare(), "they have only just come back");
        stock.giveBack(stock.take());
        aWhilePasses();
        assertEquals(1, stock.spare());
        assertEquals(1, first.refCnt() + second.refCnt());
        aWhilePasses();
        assertEquals(0, stock.spare());
        assertEquals(0, first.refCnt() + second.refCnt());
        assertEquals(0, later.size(), "nothing is watched while nothing is spare");
    }

    @Test
    void nothingIsKeptOnceTheLoopIsClosed() {
        PieceStock last = new PieceStock(task -> {
            throw new RejectedExecutionException();
        });
        ByteBuf piece = last.take();
        last.giveBack(piece);
        assertEquals(0, last.spare());
        assertEquals(0, piece.refCnt());
    }

    @Test
    void aStockThatIsClosedFreesWhatIsSpareAndWhatComesBack() {
        ByteBuf out = stock.take();
        ByteBuf piece = stock.take();
        stock.giveBack(piece);
        stock.close();
        assertEquals(0, piece.refCnt());
        stock.giveBack(out);
        assertEquals(0, out.refCnt());
        assertEquals(0, stock.spare());
        aWhilePasses();
        assertEquals(0, later.size(), "nothing is watched any more");
    }
}
