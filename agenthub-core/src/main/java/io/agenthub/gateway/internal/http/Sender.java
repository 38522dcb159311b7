package io.agenthub.gateway.internal.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The outgoing half of a connection: encodes heads, copies bodies as fast as the client takes them, flushes once for all that was
 * read in one go, and notices when the client takes nothing. Confined to the event loop of its connection, but for {@link
 * #isOverdue}.
 */
final class Sender {
    private static final ByteBuf CONTINUE =
            Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(ResponseEncoder.ascii("HTTP/1.1 100 Continue\r\n\r\n")));
    private static final ByteBuffer LINE_END = ByteBuffer.wrap(ResponseEncoder.ascii("\r\n"));
    private static final ByteBuffer LAST_CHUNK = ByteBuffer.wrap(ResponseEncoder.ascii("0\r\n\r\n"));

    private static final int SHORT_BYTES = 64 * 1024;

    private final HttpServer server;
    private final RequestDecoder decoder;
    private final Channel channel;
    private final ChannelHandlerContext context;
    private final Outbox outbox = new Outbox();
    private final Runnable flushTask = this::flushNow;
    private boolean flushing;
    private boolean flushDue;
    private long written;
    private long sent;
    private long sentBefore;
    private volatile long stall;
    private final ChannelFutureListener onSent = done -> sent++;

    Sender(HttpServer server, RequestDecoder decoder, ChannelHandlerContext context) {
        this.server = server;
        this.decoder = decoder;
        this.channel = context.channel();
        this.context = context;
    }

    /** Lets a client that asked first send its body. */
    void sendContinue() {
        write(CONTINUE.duplicate());
        flush();
    }

    /**
     * Sends an answer.
     *
     * @param response the answer
     * @param headOnly whether its body is left out
     * @param last whether the connection ends with it
     */
    void answer(Response response, boolean headOnly, boolean last) {
        int length = response.length();
        if (!headOnly && length <= SHORT_BYTES && outbox.isEmpty()) {
            whole(response, length, last);
            return;
        }
        if (!headOnly) {
            response.body().forEach(outbox::add);
        }
        head(response, length, last);
    }

    /** Most answers are short: nothing waits in between, head and body are written into one buffer. */
    private void whole(Response response, int length, boolean last) {
        ByteBuf out = channel.alloc().directBuffer(ResponseEncoder.HEAD_BYTES + length);
        try {
            ResponseEncoder.head(out, response, length, last, server.headStart());
            out.ensureWritable(length);
            ByteBuffer target = out.internalNioBuffer(out.writerIndex(), length);
            int at = target.position();
            List<ByteBuffer> parts = response.body();
            for (int i = 0; i < parts.size(); i++) {
                ByteBuffer part = parts.get(i);
                target.put(at, part, part.position(), part.remaining());
                at += part.remaining();
            }
            out.writerIndex(out.writerIndex() + length);
        } catch (RuntimeException | Error e) {
            out.release();
            throw e;
        }
        write(out);
    }

    /**
     * Sends a head, and what has been added before as the begin of its body.
     *
     * @param length of the body; negative means it comes in chunks
     * @param last whether the connection ends with it
     */
    void head(Response response, long length, boolean last) {
        ByteBuf out = channel.alloc().directBuffer(outbox.nextPiece(ResponseEncoder.HEAD_BYTES));
        try {
            ResponseEncoder.head(out, response, length, last, server.headStart());
        } catch (RuntimeException | Error e) {
            out.release();
            throw e;
        }
        outbox.fill(out);
        write(out);
    }

    void add(ByteBuffer part) {
        outbox.add(part);
    }

    void addChunk(String size, ByteBuffer[] parts) {
        add(ByteBuffer.wrap(ResponseEncoder.ascii(size)));
        add(LINE_END);
        for (ByteBuffer part : parts) {
            add(part);
        }
        add(LINE_END);
    }

    void addLastChunk() {
        add(LAST_CHUNK);
    }

    /**
     * Goes on sending.
     *
     * @return how many bytes went to the channel, without those that went by another call within this one: a flush may make the channel
     *     writable again, and whoever hears of that pumps as well
     */
    long pump() {
        long moved = 0;
        while (!outbox.isEmpty() && channel.isWritable()) {
            ByteBuf piece = channel.alloc().directBuffer(outbox.nextPiece(0));
            outbox.fill(piece);
            moved += piece.readableBytes();
            write(piece);
        }
        flush();
        return moved;
    }

    private void write(ByteBuf out) {
        written++;
        context.write(out).addListener(onSent);
    }

    /** Whether everything is with the channel. */
    boolean isEmpty() {
        return outbox.isEmpty();
    }

    /** Drops what is not with the channel yet. */
    void clear() {
        outbox.clear();
    }

    /** Does what {@code channelReadComplete} is for. */
    void readComplete() {
        if (flushing) {
            flush();
        }
    }

    /**
     * Sends what was written with the end of this turn of the loop: the answers of one read of a server's output go out one right
     * after the other, and whoever waits for them is woken once, not once for each.
     */
    private void flush() {
        flushing = decoder.isReading();
        if (flushing) {
            return;
        }
        if (!channel.isWritable()) {
            flushNow();
        } else if (!flushDue) {
            flushDue = true;
            channel.eventLoop().execute(flushTask);
        }
    }

    private void flushNow() {
        flushDue = false;
        context.flush();
        watch();
    }

    /** Does something once everything is sent. */
    void whenSent(ChannelFutureListener action) {
        context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(action);
        watch();
    }

    private void watch() {
        if (sent == written) {
            stall = 0;
        } else if (stall == 0) {
            sentBefore = sent;
            stall = server.in(server.limits().writeStallTimeout());
        }
    }

    /** Whether bytes wait for the client. */
    boolean isWaiting() {
        return sent != written;
    }

    /** Whether it is time to look whether the client takes anything. Thread-safe. */
    boolean isOverdue(long now) {
        return HttpServer.isPast(stall, now);
    }

    /** Looks whether the client took nothing, not one piece, since the last time. */
    boolean isStalled() {
        boolean stalled = isWaiting() && sent == sentBefore;
        stall = 0;
        watch();
        return stalled;
    }
}
