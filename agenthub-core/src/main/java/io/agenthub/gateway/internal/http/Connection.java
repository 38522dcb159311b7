package io.agenthub.gateway.internal.http;

import io.agenthub.api.ErrorKind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection: reads a request, has it answered, sends the answer, and only then looks at the next. */
final class Connection extends ChannelInboundHandlerAdapter implements Runnable {
    /*
     * Confined to the event loop of its channel; only the two deadlines are read elsewhere, by the server's sweep.
     *
     *   IDLE ──▶ HEAD ──▶ BODY ──▶ HANDLING ──▶ ANSWERING ──▶ IDLE
     *     └─────────┴────────┴─ refused ───────────┘  └──▶ LINGERING ──▶ CLOSED
     *
     * Deadlines are absolute: a client that drips one byte a second gains nothing. They are fields, not timers, so that a
     * request costs no timer: the server looks at all connections a few times a second.
     *
     * LINGERING: a socket closed with unread bytes in it answers with a reset, which can overtake the answer just sent. So
     * after an answer that came before the end of the request our half is shut, and what still arrives is dropped for a while.
     */
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
    private static final Duration LINGER = Duration.ofSeconds(2);
    private static final ByteBuf CONTINUE =
            Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(ResponseEncoder.ascii("HTTP/1.1 100 Continue\r\n\r\n")));
    private static final ByteBuffer LINE_END = ByteBuffer.wrap(ResponseEncoder.ascii("\r\n"));
    private static final ByteBuffer LAST_CHUNK = ByteBuffer.wrap(ResponseEncoder.ascii("0\r\n\r\n"));

    private enum Phase {
        IDLE,
        HEAD,
        BODY,
        HANDLING,
        ANSWERING,
        LINGERING,
        CLOSED
    }

    private final HttpServer server;
    private final RequestDecoder decoder;
    private final Channel channel;
    private final Outbox outbox = new Outbox();
    private Phase phase = Phase.IDLE;
    private @Nullable Exchange current;
    private @Nullable ResponseStream stream;
    private @Nullable BodyBuffer body;
    private @Nullable Refusal refusal;
    private boolean fresh = true;
    private boolean keepAlive = true;
    private boolean draining;
    private boolean unread;
    private boolean flushing;
    private long unsent;
    private volatile long deadline;
    private volatile long stall;
    private @Nullable ChannelHandlerContext context;
    private @Nullable String peer;

    Connection(HttpServer server, RequestDecoder decoder, Channel channel) {
        this.server = server;
        this.decoder = decoder;
        this.channel = channel;
    }

    // ---- The socket's events.

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        // Who opens a connection has something to say: the time for its first head runs from now.
        arm(server.limits().headerTimeout());
        server.opened(this);
        ctx.fireChannelActive();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        phase = Phase.CLOSED;
        outbox.clear();
        Exchange abandoned = current;
        done();
        if (abandoned != null) {
            abandoned.abandon();
        }
        server.closed(this);
        ctx.fireChannelInactive();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (message instanceof Refusal problem) {
                refuse(problem);
            } else if (message instanceof HttpRequest request) {
                begin(request);
            }
            if (message instanceof HttpContent content && phase == Phase.BODY) {
                more(content);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (phase == Phase.IDLE && decoder.isHeadPartial()) {
            phase = Phase.HEAD;
            if (!fresh) {
                arm(server.limits().headerTimeout());
            }
        }
        if (flushing) {
            flush();
        }
        ctx.fireChannelReadComplete();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (channel.isWritable()) {
            pump();
            if (phase == Phase.IDLE) {
                next();
            }
        }
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        boolean peerWentAway = cause instanceof java.io.IOException;
        (peerWentAway ? LOG.atDebug() : LOG.atWarn())
                .setCause(cause)
                .addKeyValue("peer", peer())
                .log("Connection closed after an error");
        ctx.close();
    }

    // ---- A request comes in.

    private void begin(HttpRequest request) {
        phase = Phase.BODY;
        fresh = false;
        arm(server.limits().bodyTimeout());
        keepAlive = HttpUtil.isKeepAlive(request);
        Admission admission = server.admission();
        try {
            current = admission.admit(this, request);
            long length = HttpUtil.getContentLength(request, -1L);
            body = new BodyBuffer(server.limits(), server.buffered(), (int) length);
            if (request.headers().contains(HttpHeaderNames.EXPECT) && Admission.hasBody(request)) {
                write(CONTINUE.duplicate());
                flush();
            }
        } catch (Refusal e) {
            if (e.isClosing() || Admission.hasBody(request)) {
                refuse(e.at(request.uri()));
            } else {
                // Nothing more belongs to this request, so that the connection can go on after the answer.
                refusal = e.at(request.uri());
            }
        }
    }

    private void more(HttpContent content) {
        BodyBuffer buffer = body;
        try {
            if (buffer != null && content.content().isReadable()) {
                buffer.append(content.content());
            }
            if (content instanceof LastHttpContent) {
                complete(buffer);
            }
        } catch (Refusal e) {
            refuse(e.at(path()));
        }
    }

    private void complete(@Nullable BodyBuffer buffer) {
        phase = Phase.HANDLING;
        disarm();
        Exchange exchange = current;
        if (refusal != null) {
            answer(server.render(refusal, refusal.target()), false);
        } else if (exchange != null && buffer != null) {
            exchange.body(buffer.take());
            handle(exchange);
        }
    }

    private static void handle(Exchange exchange) {
        try {
            exchange.handler().handle(exchange);
        } catch (Throwable e) {
            // Whatever a handler does, a StackOverflowError included, ends its own request only.
            exchange.fail(e);
        }
    }

    private String path() {
        Exchange exchange = current;
        return exchange == null ? "" : exchange.path();
    }

    private void refuse(Refusal problem) {
        if (phase == Phase.IDLE || phase == Phase.HEAD || phase == Phase.BODY) {
            keepAlive = false;
            unread = true;
            decoder.discard();
            answer(server.render(problem, problem.target()), false);
        }
    }

    // ---- Its answer goes out.

    /** Runs a task on the event loop: at once if this is it. */
    void execute(Runnable task) {
        if (channel.eventLoop().inEventLoop()) {
            task.run();
            return;
        }
        try {
            channel.eventLoop().execute(task);
        } catch (RejectedExecutionException e) {
            // The loops are closed, and so are their connections.
            LOG.atTrace().setCause(e).log("Answer dropped: the event loop is closed");
        }
    }

    /** The exchange has its outcome. */
    void settled(Exchange exchange) {
        if (exchange != current || phase != Phase.HANDLING) {
            return;
        }
        try {
            send(exchange);
        } catch (RuntimeException e) {
            // A response that cannot be written, such as one with a line break in a header.
            exceptionCaught(context(), e);
        }
    }

    private void send(Exchange exchange) {
        Object outcome = exchange.outcome();
        boolean headOnly = exchange.method().equals("HEAD");
        if (outcome instanceof Response response) {
            answer(response, headOnly);
        } else if (outcome instanceof Throwable failure) {
            answer(server.render(failure, exchange.path()), headOnly);
        } else if (outcome instanceof ResponseStream started) {
            stream = started;
            head(started.head(), -1);
            flush();
        }
    }

    private void answer(Response response, boolean headOnly) {
        phase = Phase.ANSWERING;
        if (!headOnly) {
            response.body().forEach(outbox::add);
        }
        head(response, response.length());
        pump();
    }

    private void head(Response response, long length) {
        ByteBuf out = channel.alloc().directBuffer(outbox.nextPiece(ResponseEncoder.HEAD_BYTES));
        try {
            ResponseEncoder.head(out, response, length, isLast(), server.date());
        } catch (RuntimeException e) {
            out.release();
            throw e;
        }
        outbox.fill(out);
        write(out);
    }

    private boolean isLast() {
        return !keepAlive || draining;
    }

    void piece(ResponseStream from, String size, ByteBuffer[] parts) {
        if (from != stream) {
            return;
        }
        outbox.add(ByteBuffer.wrap(ResponseEncoder.ascii(size)));
        outbox.add(LINE_END);
        for (ByteBuffer part : parts) {
            outbox.add(part);
        }
        outbox.add(LINE_END);
        pump();
    }

    void end(ResponseStream from) {
        if (from == stream) {
            stream = null;
            outbox.add(LAST_CHUNK);
            phase = Phase.ANSWERING;
            pump();
        }
    }

    /** The client does not keep up with its stream. */
    void cut(ResponseStream from) {
        if (from == stream) {
            LOG.atDebug().addKeyValue("peer", peer()).log("Stream cut: the client does not read it");
            channel.close();
        }
    }

    private void pump() {
        long before = outbox.queued();
        outbox.pump(context());
        ResponseStream open = stream;
        if (open != null) {
            open.sent(before - outbox.queued());
        }
        flush();
        if (phase == Phase.ANSWERING && outbox.isEmpty()) {
            answered();
        }
    }

    private void write(ByteBuf out) {
        context().write(out, channel.voidPromise());
    }

    /** Flushes now, or once for all that is read in one go. */
    private void flush() {
        if (decoder.isReading()) {
            flushing = true;
            return;
        }
        flushing = false;
        context().flush();
        long pending = pending();
        if (pending == 0) {
            stall = 0;
        } else if (stall == 0) {
            unsent = pending;
            stall = in(server.limits().writeStallTimeout());
        }
    }

    private long pending() {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return outbox.queued() + (buffer == null ? 0 : buffer.totalPendingWriteBytes());
    }

    private void answered() {
        boolean last = isLast();
        done();
        if (!last) {
            phase = Phase.IDLE;
            arm(server.limits().idleTimeout());
            if (channel.isWritable()) {
                next();
            }
        } else if (unread || decoder.isAhead()) {
            linger();
        } else {
            phase = Phase.LINGERING;
            arm(LINGER);
            context().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }
    }

    private void linger() {
        phase = Phase.LINGERING;
        arm(LINGER);
        decoder.discard();
        context().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> {
            if (channel instanceof DuplexChannel duplex) {
                duplex.shutdownOutput();
            }
        });
    }

    private void done() {
        BodyBuffer buffer = body;
        if (buffer != null) {
            buffer.release();
        }
        body = null;
        current = null;
        stream = null;
        refusal = null;
    }

    private void next() {
        try {
            decoder.next();
        } catch (Exception e) {
            exceptionCaught(context(), e);
        }
    }

    // ---- Time, and the end.

    private void arm(Duration span) {
        deadline = in(span);
    }

    private void disarm() {
        deadline = 0;
    }

    /** A moment that is never zero, which means none. */
    private long in(Duration span) {
        long moment = server.nanoTime() + span.toNanos();
        return moment == 0 ? 1 : moment;
    }

    /** Whether a deadline has passed. Called by the sweep, on any thread. */
    boolean isOverdue(long now) {
        return isPast(deadline, now) || isPast(stall, now);
    }

    private static boolean isPast(long moment, long now) {
        return moment != 0 && now - moment >= 0;
    }

    /** Does what an overdue deadline asks for; on the event loop. */
    @Override
    public void run() {
        long now = server.nanoTime();
        if (isPast(stall, now)) {
            stalled();
        }
        if (isPast(deadline, now)) {
            expired();
        }
    }

    private void stalled() {
        long pending = pending();
        if (pending == 0) {
            stall = 0;
        } else if (pending < unsent) {
            unsent = pending;
            stall = in(server.limits().writeStallTimeout());
        } else {
            LOG.atDebug().addKeyValue("peer", peer()).log("Connection closed: the client takes nothing of its answer");
            channel.close();
        }
    }

    private void expired() {
        disarm();
        if (phase == Phase.HEAD || phase == Phase.BODY) {
            String part = phase == Phase.HEAD ? "headers" : "body";
            Refusal late = Refusal.closing(408, ErrorKind.DEADLINE, "The " + part + " did not arrive in time");
            refuse(late.at(path()));
        } else if (phase == Phase.LINGERING && stall != 0) {
            // The last answer is still on its way; how long that may take is not for this deadline to say.
            arm(LINGER);
        } else if (phase == Phase.IDLE || phase == Phase.LINGERING) {
            channel.close();
        }
    }

    /** From now on every answer is the last of its connection. */
    void drain() {
        draining = true;
        if (phase == Phase.IDLE && pending() == 0) {
            channel.close();
        }
    }

    /** The time to drain is over: answers what is pending, and closes. */
    void force(Refusal reason) {
        draining = true;
        Exchange exchange = current;
        if (phase == Phase.HANDLING && exchange != null && stream == null) {
            exchange.fail(reason);
            exchange.abandon();
        } else {
            channel.close();
        }
    }

    /** Closes at once. Thread-safe. */
    void abort() {
        channel.close();
    }

    String peer() {
        String address = peer;
        if (address == null) {
            address = channel.remoteAddress() instanceof InetSocketAddress remote
                    ? remote.getAddress().getHostAddress()
                    : "unknown";
            peer = address;
        }
        return address;
    }

    private ChannelHandlerContext context() {
        ChannelHandlerContext ctx = context;
        if (ctx == null) {
            throw new IllegalStateException("not in a pipeline yet");
        }
        return ctx;
    }
}
