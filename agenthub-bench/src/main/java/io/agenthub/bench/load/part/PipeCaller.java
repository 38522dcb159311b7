package io.agenthub.bench.load.part;

import io.agenthub.bench.load.peer.PipeChild;
import io.netty.buffer.ByteBuf;
import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** Calls over bare pipes, the least that any transport can cost. Calls are made on the event loop, but for the first ones. */
final class PipeCaller implements Slots.Caller, PipeChild.Lines, AutoCloseable {
    private static final int ID_FROM_END = 2;

    private final MultiThreadIoEventLoopGroup group;
    private final IoEventLoop loop;
    private final PipeChild child;
    private final List<byte[]> lines;
    private final Slots.Done[] waiting;

    PipeCaller(List<String> command, int slots) throws IOException {
        group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        loop = group.next();
        lines = IntStream.range(0, slots).mapToObj(PipeCaller::line).toList();
        waiting = new Slots.Done[slots];
        child = PipeChild.start(loop, command, this);
    }

    private static byte[] line(int slot) {
        return ("{\"jsonrpc\":\"2.0\",\"id\":" + slot + ",\"method\":\"tools/call\",\"params\":"
                        + HubCaller.Call.ECHO.params(slot) + "}\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void call(int slot, Slots.Done done) {
        if (loop.inEventLoop()) {
            send(slot, done);
        } else {
            loop.execute(() -> send(slot, done));
        }
    }

    private void send(int slot, Slots.Done done) {
        waiting[slot] = done;
        child.output().writeBytes(lines.get(slot));
        child.flushSoon();
    }

    @Override
    public void line(ByteBuf bytes, int from, int to) {
        int slot = 0;
        int scale = 1;
        for (int i = to - ID_FROM_END; bytes.getByte(i) != ':'; i--) {
            slot += scale * (bytes.getByte(i) - '0');
            scale *= 10;
        }
        waiting[slot].done(true);
    }

    @Override
    public void close() {
        child.close();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
