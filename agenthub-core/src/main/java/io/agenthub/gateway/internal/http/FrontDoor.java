package io.agenthub.gateway.internal.http;

import io.agenthub.api.ErrorKind;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The first to see a decoded request, on every connection: passes on what is beyond doubt and turns everything else into a {@link
 * Refusal}. Keeps nothing.
 *
 * <p>The codec reports what it could not read only by the decoder result of the object at hand, which may be the head or any part
 * of the body; so each one is asked.
 */
@Sharable
final class FrontDoor extends ChannelInboundHandlerAdapter {
    private final AccessRules rules;

    FrontDoor(AccessRules rules) {
        this.rules = rules;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        Refusal refusal = message instanceof HttpObject object ? judge(ctx.channel(), object) : null;
        if (refusal == null) {
            ctx.fireChannelRead(message);
        } else {
            ReferenceCountUtil.release(message);
            ctx.fireChannelRead(refusal);
        }
    }

    private @Nullable Refusal judge(Channel channel, HttpObject object) {
        try {
            if (object.decoderResult().isFailure()) {
                throw Refusal.malformed("the framing or a header does not follow RFC 9112");
            }
            if (object instanceof HttpRequest request) {
                framing(request);
                rules.checkHost(
                        request.headers().getAll(HttpHeaderNames.HOST),
                        channel.localAddress() instanceof InetSocketAddress local ? local : null);
                rules.checkOrigin(request.headers().getAll(HttpHeaderNames.ORIGIN));
            }
            if (object instanceof LastHttpContent last && hasTrailers(last)) {
                throw Refusal.malformed("trailers are not accepted");
            }
            return null;
        } catch (Refusal e) {
            return object instanceof HttpRequest request ? e.at(request.uri()) : e;
        }
    }

    /** The codec leaves out trailers that are not allowed, but not the object made for them. */
    private static boolean hasTrailers(LastHttpContent last) {
        return !last.equals(LastHttpContent.EMPTY_LAST_CONTENT)
                && (!last.content().isReadable() || !last.trailingHeaders().isEmpty());
    }

    private static void framing(HttpRequest request) {
        if (!request.protocolVersion().equals(HttpVersion.HTTP_1_1)) {
            throw Refusal.closing(505, ErrorKind.BAD_REQUEST, "Only HTTP/1.1 is spoken here");
        }
        if (request.uri().isEmpty() || request.uri().charAt(0) != '/') {
            throw Refusal.malformed("the target is not a path");
        }
        HttpHeaders headers = request.headers();
        List<String> lengths = headers.getAll(HttpHeaderNames.CONTENT_LENGTH);
        List<String> codings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
        if (lengths.size() + codings.size() > 1) {
            throw Refusal.malformed("more than one header says where the body ends");
        }
        if (!codings.isEmpty() && !codings.get(0).equalsIgnoreCase("chunked")) {
            throw Refusal.malformed("a transfer coding other than chunked");
        }
        if (!lengths.isEmpty() && !isLength(lengths.get(0))) {
            throw Refusal.malformed("a Content-Length that is not a number");
        }
    }

    private static boolean isLength(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return !text.isEmpty() && text.length() <= 18;
    }
}
