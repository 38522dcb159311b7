package io.agenthub.bench.load.peer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.util.collection.LongObjectHashMap;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The minimal relay: HTTP in front, a child's pipes behind, the caller's id swapped for a private one and back. It has no other
 * feature. Confined to its event loop.
 */
public final class Relay {
    private static final byte[] ID = "\"id\":".getBytes(StandardCharsets.US_ASCII);

    /** A call that waits: where its answer goes, and the id that the answer carries. */
    private static final class Waiting {
        final Channel connection;
        final byte[] id;

        Waiting(Channel connection, byte[] id) {
            this.connection = connection;
            this.id = id;
        }
    }

    /** One child with its calls. */
    private static final class Server implements PipeChild.Lines {
        private final LongObjectHashMap<Waiting> waiting = new LongObjectHashMap<>();
        private final List<Channel> unflushed = new ArrayList<>();
        private long lastId;

        void call(PipeChild child, Channel connection, ByteBuf body) {
            int from = after(body, body.readerIndex(), body.writerIndex());
            int to = tokenEnd(body, from, body.writerIndex());
            long id = ++lastId;
            waiting.put(id, new Waiting(connection, ByteBufUtil.getBytes(body, from, to - from)));
            ByteBuf out = child.output();
            out.writeBytes(body, body.readerIndex(), from - body.readerIndex());
            out.writeCharSequence(Long.toString(id), StandardCharsets.US_ASCII);
            out.writeBytes(body, to, body.writerIndex() - to);
            out.writeByte('\n');
            child.flushSoon();
        }

        @Override
        public void line(ByteBuf bytes, int from, int to) {
            int id = afterLast(bytes, from, to);
            int end = tokenEnd(bytes, id, to);
            Waiting call = waiting.remove(number(bytes, id, end));
            if (call != null) {
                ByteBuf body = call.connection.alloc().buffer(to - from - (end - id) + call.id.length);
                body.writeBytes(bytes, from, id - from);
                body.writeBytes(call.id);
                body.writeBytes(bytes, end, to - end);
                HttpFront.write(call.connection, body);
                unflushed.add(call.connection);
            }
        }

        @Override
        public void batchEnd() {
            unflushed.forEach(Channel::flush);
            unflushed.clear();
        }
    }

    private Relay() {}

    /**
     * Listens until the process is ended.
     *
     * @param port where, on the loopback address
     * @param children how many children: {@code /mcp/stub0} and so on
     * @param command what each child runs
     * @throws IOException if a child cannot be started
     */
    public static void listen(int port, int children, List<String> command) throws IOException {
        MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        List<Server> servers = new ArrayList<>();
        List<PipeChild> pipes = new ArrayList<>();
        for (int i = 0; i < children; i++) {
            Server server = new Server();
            servers.add(server);
            pipes.add(PipeChild.start(loops.next(), command, server));
        }
        HttpFront.listen(loops, EpollServerSocketChannel.class, port, (connection, path, body) -> {
            int index = Paths.child(path);
            servers.get(index).call(pipes.get(index), connection, body);
        });
    }

    private static int after(ByteBuf bytes, int from, int to) {
        for (int i = from; i < to - ID.length; i++) {
            if (isId(bytes, i)) {
                return i + ID.length;
            }
        }
        throw new IllegalArgumentException("no id");
    }

    private static int afterLast(ByteBuf bytes, int from, int to) {
        for (int i = to - ID.length; i >= from; i--) {
            if (isId(bytes, i)) {
                return i + ID.length;
            }
        }
        throw new IllegalArgumentException("no id");
    }

    private static boolean isId(ByteBuf bytes, int at) {
        return bytes.getByte(at) == '"'
                && bytes.getByte(at + 1) == 'i'
                && bytes.getByte(at + 2) == 'd'
                && bytes.getByte(at + 3) == '"'
                && bytes.getByte(at + 4) == ':';
    }

    private static int tokenEnd(ByteBuf bytes, int from, int to) {
        int i = from;
        while (i < to && bytes.getByte(i) != ',' && bytes.getByte(i) != '}') {
            i++;
        }
        return i;
    }

    private static long number(ByteBuf bytes, int from, int to) {
        long value = 0;
        for (int i = from; i < to; i++) {
            value = value * 10 + bytes.getByte(i) - '0';
        }
        return value;
    }
}
