package io.agenthub.bench.load.peer;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** The HTTP side that all peers share: Netty's own server codec, and one call at a time on each connection. */
final class HttpFront {
    private static final int MAX_BODY_BYTES = 64 * 1024 * 1024;
    private static final int BACKLOG = 16_384;

    /** Takes a call, on the event loop of its connection. */
    @FunctionalInterface
    interface Calls {
        /**
         * A request came.
         *
         * @param connection where its answer goes
         * @param path its path
         * @param body its body; valid during the call only
         */
        void call(Channel connection, String path, ByteBuf body);
    }

    private HttpFront() {}

    static void listen(EventLoopGroup loops, Class<? extends ServerChannel> type, int port, Calls calls) {
        new ServerBootstrap()
                .group(loops)
                .channel(type)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline()
                                .addLast(
                                        new HttpServerCodec(),
                                        new HttpObjectAggregator(MAX_BODY_BYTES),
                                        new Requests(calls));
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .syncUninterruptibly();
    }

    /** Writes an answer, without flushing it; the body is taken over. */
    static void write(Channel connection, ByteBuf body) {
        DefaultFullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, body);
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON)
                .setInt(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
        connection.write(response, connection.voidPromise());
    }

    private static final class Requests extends SimpleChannelInboundHandler<FullHttpRequest> {
        private final Calls calls;

        Requests(Calls calls) {
            this.calls = calls;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
            calls.call(context.channel(), request.uri(), request.content());
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
