package io.agenthub.bench.load.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;

/** One connection with at most one call on it. Confined to the event loop. */
final class LoadConnection extends ChannelInboundHandlerAdapter {

    /** How a call ended. */
    enum End {
        ANSWERED,
        MISMATCH,
        ERROR
    }

    /** Decides what a connection does next. */
    interface Driver {
        /** A call ended; the connection is free, unless it is {@link #isBroken()}. */
        void ended(LoadConnection connection, End end);
    }

    private final Channel channel;
    private final CallTemplate template;
    private final AnswerCheck check;
    private final ByteBuf request;
    private final ResponseReader reader = new ResponseReader();
    private @Nullable Driver driver;
    private long number;
    private long started;
    private boolean busy;
    private boolean broken;

    LoadConnection(Channel channel, CallTemplate template, AnswerCheck check) {
        this.channel = channel;
        this.template = template;
        this.check = check;
        byte[] bytes = template.newRequest();
        this.request = Unpooled.directBuffer(bytes.length).writeBytes(bytes);
    }

    /** Sends a call; its latency counts from a time of {@link System#nanoTime()}. */
    void send(Driver next, long callNumber, long from) {
        driver = next;
        number = callNumber;
        started = from;
        busy = true;
        if (broken) {
            end(End.ERROR);
            return;
        }
        for (int place : template.requestNumbers()) {
            long rest = callNumber;
            for (int i = place + 9; i >= place; i--) {
                request.setByte(i, (int) ('0' + rest % 10));
                rest /= 10;
            }
        }
        channel.writeAndFlush(request.retainedDuplicate(), channel.voidPromise());
    }

    long started() {
        return started;
    }

    boolean isBroken() {
        return broken;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            boolean complete = reader.read(in);
            while (complete) {
                End end = judge();
                broken |= reader.closing();
                complete = reader.next();
                end(end);
            }
        } finally {
            in.release();
        }
    }

    private End judge() {
        if (!busy || reader.status() != 200) {
            return End.ERROR;
        }
        return check.matches(reader.bytes(), reader.bodyFrom(), reader.bodyTo(), number) ? End.ANSWERED : End.MISMATCH;
    }

    private void end(End end) {
        Driver listener = driver;
        if (listener != null && busy) {
            busy = false;
            listener.ended(this, end);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        broken = true;
        request.release();
        end(End.ERROR);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }

    void close() {
        channel.close();
    }
}
