package io.agenthub.gateway.internal.http;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What is to be sent on a connection, in order. It is copied to the socket's own memory only as fast as the client takes it, so
 * that a long answer to a slow client costs no second copy. Confined to the event loop of its connection.
 */
final class Outbox {
    private static final int PIECE_BYTES = 64 * 1024;

    /** As many as one answer, or one chunk of a stream, has at most; more make it grow. */
    private static final int FEW_PARTS = 8;

    private final Deque<ByteBuffer> parts = new ArrayDeque<>(FEW_PARTS);
    /** Bytes that are not yet with the channel. */
    private long queued;

    /** Adds bytes; the buffer's position is left alone. */
    void add(ByteBuffer part) {
        if (part.hasRemaining()) {
            parts.addLast(part.duplicate());
            queued += part.remaining();
        }
    }

    boolean isEmpty() {
        return parts.isEmpty();
    }

    /** Room for what is queued, at most one piece. */
    int nextPiece(int extra) {
        return (int) Math.min(PIECE_BYTES, queued + extra);
    }

    /** Moves bytes into a buffer until either is exhausted; the buffer does not grow. */
    void fill(ByteBuf piece) {
        ByteBuffer target = piece.internalNioBuffer(piece.writerIndex(), piece.writableBytes());
        ByteBuffer part = parts.peekFirst();
        while (part != null && target.hasRemaining()) {
            int length = Math.min(part.remaining(), target.remaining());
            int end = part.limit();
            target.put(part.limit(part.position() + length));
            part.limit(end);
            piece.writerIndex(piece.writerIndex() + length);
            queued -= length;
            if (!part.hasRemaining()) {
                parts.removeFirst();
                part = parts.peekFirst();
            }
        }
    }

    void clear() {
        parts.clear();
        queued = 0;
    }
}
