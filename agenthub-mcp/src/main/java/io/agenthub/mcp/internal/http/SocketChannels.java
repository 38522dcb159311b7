package io.agenthub.mcp.internal.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;

/** The kind of socket that fits an event loop. */
final class SocketChannels {
    private SocketChannels() {}

    static ChannelFactory<Channel> factory(EventLoop loop) {
        boolean epoll =
                loop instanceof IoEventLoop io && !io.isIoType(NioIoHandler.class) && io.isIoType(EpollIoHandler.class);
        return epoll ? EpollSocketChannel::new : NioSocketChannel::new;
    }
}
