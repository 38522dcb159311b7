package io.agenthub.gateway.internal.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AsciiString;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Netty's decoder behind two gates: no byte of a head reaches it before the whole head has passed the {@link HeadScanner}, and no
 * byte of the next request is looked at before {@link #next()} is called.
 *
 * <p>What a client sends ahead waits in the buffer, up to {@link #READ_AHEAD_BYTES} and one socket read; beyond it the socket is
 * no longer read. Confined to the event loop of its connection.
 */
final class RequestDecoder extends HttpRequestDecoder {
    static final int READ_AHEAD_BYTES = 16 * 1024;

    /** What is put up with after a refusal, so that a client may finish sending and read the answer. */
    private static final long MAX_DROPPED_BYTES = 16 << 20;

    private enum Gate {
        /** Waiting for a whole head. */
        HEAD,
        /** The head was handed on, the body is being read. */
        BODY,
        /** A request is being answered. */
        HELD,
        /** Nothing that arrives matters any more. */
        DISCARDING
    }

    private final HeaderNames names;
    private final HeadScanner scanner;
    private Gate gate = Gate.HEAD;
    private boolean reading;
    private long dropped;
    private @Nullable ChannelHandlerContext context;

    RequestDecoder(HttpLimits limits, HeaderNames names) {
        super(new HttpDecoderConfig()
                .setMaxInitialLineLength(limits.maxLineBytes())
                .setMaxHeaderSize(limits.maxHeaderBytes())
                .setMaxChunkSize(64 * 1024)
                // The scanner has looked at every byte of a head before.
                .setHeadersFactory(DefaultHttpHeadersFactory.headersFactory().withValidation(false))
                .setAllowPartialChunks(true)
                .setAllowDuplicateContentLengths(false)
                .setStrictLineParsing(true)
                .setUseRfc9112TransferEncoding(true));
        this.names = names;
        this.scanner = new HeadScanner(limits);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    /** Whether part of a head has arrived. */
    boolean isHeadPartial() {
        return gate == Gate.HEAD && scanner.isPartial();
    }

    /** Whether {@link #channelRead} is on the stack, so that {@code channelReadComplete} is still to come. */
    boolean isReading() {
        return reading;
    }

    /** Whether bytes have arrived that nobody has looked at. */
    boolean isAhead() {
        return actualReadableBytes() > 0;
    }

    /** Lets the next request in. */
    void next() throws Exception {
        ChannelHandlerContext ctx = context;
        if (gate != Gate.HELD || ctx == null) {
            return;
        }
        gate = Gate.HEAD;
        if (!ctx.channel().config().isAutoRead()) {
            ctx.channel().config().setAutoRead(true);
        }
        if (!reading && isAhead()) {
            channelRead(ctx, Unpooled.EMPTY_BUFFER);
            ctx.fireChannelReadComplete();
        }
    }

    /** From now on drops everything that arrives. */
    void discard() {
        gate = Gate.DISCARDING;
        if (context != null) {
            context.channel().config().setAutoRead(true);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object input) throws Exception {
        reading = true;
        try {
            super.channelRead(ctx, input);
            // A request answered at once lets in the next, which may have arrived with it.
            while (gate == Gate.HEAD && !scanner.isPartial() && isAhead()) {
                super.channelRead(ctx, Unpooled.EMPTY_BUFFER);
            }
        } finally {
            reading = false;
        }
        if (gate == Gate.HELD && actualReadableBytes() > READ_AHEAD_BYTES) {
            ctx.channel().config().setAutoRead(false);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        if (gate == Gate.HELD) {
            // The superclass would ask for more bytes, because it handed nothing on.
            discardSomeReadBytes();
            ctx.fireChannelReadComplete();
        } else {
            super.channelReadComplete(ctx);
        }
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        switch (gate) {
            case HEAD -> head(ctx, in, out);
            case BODY -> body(ctx, in, out);
            case HELD -> {}
            case DISCARDING -> drop(ctx, in);
        }
    }

    private void drop(ChannelHandlerContext ctx, ByteBuf in) {
        dropped += in.readableBytes();
        in.skipBytes(in.readableBytes());
        if (dropped > MAX_DROPPED_BYTES) {
            ctx.close();
        }
    }

    private void head(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        try {
            if (scanner.scan(in)) {
                scanner.reset();
                gate = Gate.BODY;
                body(ctx, in, out);
            }
        } catch (Refusal e) {
            gate = Gate.DISCARDING;
            in.skipBytes(in.readableBytes());
            out.add(e);
        }
    }

    private void body(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        super.decode(ctx, in, out);
        if (!out.isEmpty() && out.get(out.size() - 1) instanceof LastHttpContent) {
            gate = Gate.HELD;
        }
    }

    @Override
    protected AsciiString splitHeaderName(byte[] bytes, int start, int length) {
        return names.of(bytes, start, length);
    }

    @Override
    protected void decodeLast(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        // The connection is gone: nobody is left to answer.
        in.skipBytes(in.readableBytes());
    }
}
