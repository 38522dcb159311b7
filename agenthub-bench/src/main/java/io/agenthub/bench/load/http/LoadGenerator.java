package io.agenthub.bench.load.http;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Makes load: one event loop for all connections. Thread-safe; each session is for one thread at a time. */
public final class LoadGenerator implements AutoCloseable {
    private static final int CONNECTING_AT_ONCE = 100;

    private final MultiThreadIoEventLoopGroup group;
    private final EventLoop loop;
    private final boolean epoll = Epoll.isAvailable();
    private final AtomicLong numbers = new AtomicLong(CallTemplate.FIRST);

    /** Creates a generator with one thread. */
    public LoadGenerator() {
        IoHandlerFactory handlers = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        group = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("bench-load", true), handlers);
        loop = group.next();
    }

    /**
     * Opens connections.
     *
     * @param port where to, on the loopback address
     * @param template what is sent over each
     * @param count how many
     * @return the open connections
     */
    public LoadSession connect(int port, CallTemplate template, int count) {
        return connect(port, List.of(template), count);
    }

    /**
     * Opens connections that send different calls.
     *
     * @param port where to, on the loopback address
     * @param templates what is sent, shared out evenly
     * @param count how many connections
     * @return the open connections
     */
    public LoadSession connect(int port, List<CallTemplate> templates, int count) {
        List<AnswerCheck> checks = templates.stream().map(AnswerCheck::new).toList();
        List<LoadConnection> connections = new ArrayList<>(count);
        while (connections.size() < count) {
            List<ChannelFuture> opening = new ArrayList<>();
            for (int i = connections.size(); i < Math.min(count, connections.size() + CONNECTING_AT_ONCE); i++) {
                opening.add(open(port));
            }
            for (ChannelFuture future : opening) {
                Channel channel = future.syncUninterruptibly().channel();
                int kind = connections.size() % templates.size();
                LoadConnection connection = new LoadConnection(channel, templates.get(kind), checks.get(kind));
                loop.submit(() -> channel.pipeline().addLast(connection)).syncUninterruptibly();
                connections.add(connection);
            }
        }
        return new LoadSession(this, connections);
    }

    private ChannelFuture open(int port) {
        return new Bootstrap()
                .group(group)
                .channel(epoll ? EpollSocketChannel.class : NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.config().setAutoClose(true);
                    }
                })
                .connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    EventLoop loop() {
        return loop;
    }

    long nextNumber() {
        return numbers.getAndIncrement();
    }

    /** Closes all connections and ends the thread. */
    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
