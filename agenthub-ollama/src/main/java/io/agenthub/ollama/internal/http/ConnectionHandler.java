package io.agenthub.ollama.internal.http;

import io.agenthub.api.rpc.JsonText;
import io.agenthub.ollama.internal.http.HttpFailure.Reason;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import org.jspecify.annotations.Nullable;

/** One connection: carries one exchange after the other. Confined to its event loop. */
final class ConnectionHandler extends SimpleChannelInboundHandler<HttpObject> {
    private static final int SWITCHING = 101;

    private final ConnectionPool pool;
    private final AnswerDecoder answers;
    private @Nullable Exchange current;
    private boolean released;
    private boolean keepAlive;
    private boolean informational;

    ConnectionHandler(ConnectionPool pool, AnswerDecoder answers) {
        this.pool = pool;
        this.answers = answers;
    }

    void carry(ChannelHandlerContext context, Exchange exchange) {
        current = exchange;
        exchange.channel = context.channel();
        exchange.sent();
        // A failed write closes the connection, which channelInactive reports.
        context.writeAndFlush(encode(exchange.request)).addListener(written -> {
            if (!written.isSuccess()) {
                context.close();
            }
        });
    }

    private FullHttpRequest encode(Request request) {
        JsonText body = request.body();
        ByteBuf content = body == null ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(body.asByteBuffer());
        FullHttpRequest message = new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1,
                HttpMethod.valueOf(request.method()),
                pool.endpoint().basePath() + request.path(),
                content);
        message.headers()
                .set(HttpHeaderNames.HOST, pool.endpoint().authority())
                .set(HttpHeaderNames.ACCEPT, "application/json, application/x-ndjson, text/event-stream")
                .set(HttpHeaderNames.USER_AGENT, "agenthub");
        if (body != null) {
            message.headers()
                    .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON)
                    .set(HttpHeaderNames.CONTENT_LENGTH, body.length());
        }
        if (request.authorization() != null) {
            message.headers().set(HttpHeaderNames.AUTHORIZATION, request.authorization());
        }
        return message;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpObject message) {
        Exchange exchange = current;
        if (exchange == null) {
            // Nobody asked for anything: whoever came next would be given an answer that is not theirs.
            context.close();
            return;
        }
        exchange.answered = true;
        if (message.decoderResult().isFailure()) {
            refuse(exchange, "the answer is not HTTP", message.decoderResult().cause());
            return;
        }
        if (message instanceof HttpResponse response) {
            head(exchange, response);
        }
        if (current != null && message instanceof HttpContent content) {
            body(context, exchange, content);
        }
    }

    private void head(Exchange exchange, HttpResponse response) {
        informational = response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
        if (response.status().code() == SWITCHING) {
            refuse(exchange, "the server switches to a protocol that nobody asked for", null);
        }
        if (informational) {
            return;
        }
        keepAlive = HttpUtil.isKeepAlive(response);
        String encoding = response.headers().get(HttpHeaderNames.CONTENT_ENCODING, "identity");
        if (!encoding.equalsIgnoreCase("identity")) {
            refuse(exchange, "the answer is encoded although nothing was offered", null);
            return;
        }
        exchange.begun(response.status().code(), response.headers().get(HttpHeaderNames.CONTENT_TYPE, ""));
    }

    private void body(ChannelHandlerContext context, Exchange exchange, HttpContent content) {
        if (content.content().isReadable()) {
            exchange.received(ByteBufUtil.getBytes(content.content()));
        }
        if (content instanceof LastHttpContent && !informational) {
            boolean reusable = keepAlive && !exchange.isDone();
            current = null;
            if (reusable) {
                released = true;
                context.channel().config().setAutoRead(true);
                exchange.ended();
            } else {
                exchange.ended();
                context.close();
            }
        }
    }

    /** Free only after all that was read is understood: what stands behind an answer would be taken for the next one. */
    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (released) {
            released = false;
            if (answers.hasMore() || !context.channel().isActive()) {
                context.close();
            } else {
                pool.free(context);
            }
        }
        context.fireChannelReadComplete();
    }

    private static void refuse(Exchange exchange, String why, @Nullable Throwable cause) {
        exchange.fail(Reason.GARBAGE, why, cause);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        Exchange exchange = current;
        current = null;
        pool.gone(context);
        if (exchange == null) {
            return;
        }
        if (exchange.mayRepeat()) {
            pool.repeat(exchange);
        } else {
            exchange.fail(Reason.CLOSED, "the connection ended before the answer did", null);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        Exchange exchange = current;
        if (exchange != null && !exchange.mayRepeat()) {
            exchange.fail(Reason.CLOSED, "the connection broke before the answer was complete", cause);
        }
        context.close();
    }
}
