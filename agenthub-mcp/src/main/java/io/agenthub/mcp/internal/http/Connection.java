package io.agenthub.mcp.internal.http;

import io.agenthub.api.rpc.JsonText;
import io.agenthub.mcp.internal.http.HttpFault.Reason;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One connection: carries one exchange after the other. Confined to its event loop. */
final class Connection extends SimpleChannelInboundHandler<HttpObject> {
    private static final Pattern KEPT_FOR = Pattern.compile("(?i)\\btimeout\\s*=\\s*(\\d{1,6})");

    private final ConnectionPool pool;
    private @Nullable ChannelHandlerContext context;
    private @Nullable Exchange current;
    private boolean keepAlive;
    private boolean informational;
    private boolean released;
    private long keptForSeconds = Long.MAX_VALUE;

    Connection(ConnectionPool pool) {
        this.pool = pool;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    private ChannelHandlerContext context() {
        if (context == null) {
            throw new IllegalStateException("not in a pipeline yet");
        }
        return context;
    }

    boolean isUsable() {
        return current == null && !released && context().channel().isActive();
    }

    /** How long the server said it keeps a connection that is not used. */
    long keptForSeconds() {
        return keptForSeconds;
    }

    void carry(Exchange exchange) {
        FullHttpRequest message;
        try {
            message = encode(exchange.request);
        } catch (IllegalArgumentException e) {
            close();
            exchange.fail(Reason.BROKEN, "the request cannot be written as HTTP", e);
            return;
        }
        if (!exchange.sending(context().channel())) {
            message.release();
            pool.free(this);
            return;
        }
        current = exchange;
        informational = false;
        // A failed write closes the connection, which channelInactive reports.
        context().writeAndFlush(message).addListener(written -> {
            if (!written.isSuccess()) {
                close();
            }
        });
    }

    private FullHttpRequest encode(HttpRequest request) {
        JsonText body = request.body();
        ByteBuf content = body == null ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(body.asByteBuffer());
        FullHttpRequest message = new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1, request.method(), pool.endpoint().target(), content);
        message.headers().set(HttpHeaderNames.HOST, pool.endpoint().authority());
        request.headers().forEach(message.headers()::set);
        if (body != null) {
            message.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.length());
        }
        return message;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ignored, HttpObject message) {
        Exchange exchange = current;
        if (exchange == null) {
            // Nobody asked for anything: whoever came next would be given an answer that is not theirs.
            close();
        } else if (message.decoderResult().isFailure()) {
            Throwable cause = message.decoderResult().cause();
            exchange.fail(Reason.GARBAGE, "the answer is not HTTP: " + cause.getMessage(), cause);
            close();
        } else {
            if (message instanceof HttpResponse response) {
                head(exchange, response);
            }
            if (current != null && message instanceof HttpContent content) {
                body(exchange, content);
            }
        }
    }

    private void head(Exchange exchange, HttpResponse response) {
        int status = response.status().code();
        informational = response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
        if (status == 101) {
            refuse(exchange, "the server switches to a protocol that nobody asked for");
        } else if (!informational) {
            keepAlive = HttpUtil.isKeepAlive(response);
            keptForSeconds = keptFor(response);
            List<String> encodings = response.headers().getAll(HttpHeaderNames.CONTENT_ENCODING);
            if (encodings.stream().allMatch("identity"::equalsIgnoreCase)) {
                exchange.begun(status, response.headers());
            } else {
                refuse(exchange, "the answer is compressed although nothing of that kind was accepted");
            }
        }
    }

    private static long keptFor(HttpResponse response) {
        Matcher timeout = KEPT_FOR.matcher(response.headers().get("Keep-Alive", ""));
        return timeout.find() ? Long.parseLong(timeout.group(1)) : Long.MAX_VALUE;
    }

    private void refuse(Exchange exchange, String why) {
        exchange.fail(Reason.GARBAGE, why, null);
        close();
    }

    private void body(Exchange exchange, HttpContent content) {
        if (content.content().isReadable() && !informational) {
            exchange.received(ByteBufUtil.getBytes(content.content()));
        }
        if (content instanceof LastHttpContent && !informational) {
            // One that was cancelled or refused meanwhile has closed the connection.
            boolean reusable = keepAlive && !exchange.isDone();
            current = null;
            if (reusable) {
                released = true;
                exchange.ended();
            } else {
                close();
                exchange.ended();
            }
        }
    }

    /** Free only after all that was read is understood: what stands behind an answer would be taken for the next one. */
    @Override
    public void channelReadComplete(ChannelHandlerContext read) {
        if (released) {
            released = false;
            StrictResponseDecoder decoder = read.pipeline().get(StrictResponseDecoder.class);
            if (decoder == null || decoder.hasMore()) {
                close();
            } else {
                pool.free(this);
            }
        }
        read.fireChannelReadComplete();
    }

    void close() {
        context().close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ignored) {
        Exchange exchange = current;
        current = null;
        pool.gone(this);
        if (exchange != null) {
            exchange.fail(Reason.BROKEN, "the connection ended before the answer did", null);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ignored, Object event) {
        if (event instanceof SslCloseCompletionEvent) {
            close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ignored, Throwable cause) {
        Exchange exchange = current;
        if (exchange != null) {
            exchange.fail(Reason.BROKEN, "the connection broke before the answer was complete", cause);
        }
        close();
    }
}
