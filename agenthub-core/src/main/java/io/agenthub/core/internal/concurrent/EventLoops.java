package io.agenthub.core.internal.concurrent;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import java.util.concurrent.TimeUnit;

/** The event loops of a hub: epoll where Linux has it, NIO elsewhere. */
public final class EventLoops {
    private final EventLoopGroup group;
    private final String name;

    private EventLoops(EventLoopGroup group, String name) {
        this.group = group;
        this.name = name;
    }

    /**
     * Makes event loops; their threads start with their first task.
     *
     * @param threads how many
     * @return the loops
     */
    public static EventLoops create(int threads) {
        boolean epoll = epollAvailable();
        IoHandlerFactory factory = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        return new EventLoops(
                new MultiThreadIoEventLoopGroup(threads, HubThreads.nonBlocking("agenthub-io", true), factory),
                epoll ? "epoll" : "nio");
    }

    private static boolean epollAvailable() {
        try {
            return Epoll.isAvailable();
        } catch (LinkageError e) {
            return false;
        }
    }

    /**
     * The group itself.
     *
     * @return the group
     */
    public EventLoopGroup group() {
        return group;
    }

    /**
     * Which kind of loops they are.
     *
     * @return {@code epoll} or {@code nio}
     */
    public String name() {
        return name;
    }

    /** Ends the loops. Blocks for a moment; not for a thread of the hub. */
    public void close() {
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
    }
}
