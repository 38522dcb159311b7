package io.agenthub.gateway.internal.http;

import io.agenthub.api.ErrorKind;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection: reads a request, has it answered, sends the answer, and only then looks at the next. */
final class Connection extends ChannelInboundHandlerAdapter implements Runnable {
    /*
     * Confined to the event loop of its channel; only the deadlines are read elsewhere, by the server's sweep.
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
    private static final int DRAIN_MILLIS = 20;

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
    private final InTurn tasks;
    private Phase phase = Phase.IDLE;
    private @Nullable Exchange current;
    private @Nullable ResponseStream stream;
    private @Nullable BodyBuffer body;
    private @Nullable Refusal refusal;
    private boolean fresh = true;
    private boolean keepAlive = true;
    private boolean draining;
    private boolean unread;
    private volatile long deadline;
    private @Nullable Sender sender;
    private @Nullable String peer;
    private @Nullable Routed routed;

    Connection(HttpServer server, RequestDecoder decoder, Channel channel) {
        this.server = server;
        this.decoder = decoder;
        this.channel = channel;
        this.tasks = new InTurn(channel.eventLoop());
    }

    // ---- The socket's events.

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        sender = new Sender(server, decoder, ctx);
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
        sender().clear();
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
        if (phase == Phase.BODY && deadline == 0) {
            arm(server.limits().bodyTimeout());
        } else if (phase == Phase.IDLE && decoder.isHeadPartial()) {
            phase = Phase.HEAD;
            if (!fresh) {
                arm(server.limits().headerTimeout());
            }
        }
        sender().readComplete();
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
        failed(cause);
    }

    private void failed(Throwable cause) {
        boolean peerWentAway = cause instanceof IOException;
        (peerWentAway ? LOG.atDebug() : LOG.atWarn())
                .setCause(cause)
                .addKeyValue("peer", peer())
                .log("Connection closed after an error");
        channel.close();
    }

    // ---- A request comes in.

    private void begin(HttpRequest request) {
        phase = Phase.BODY;
        fresh = false;
        // Nearly always the body came along with the head; if not, its time runs from the end of this read.
        disarm();
        keepAlive = HttpUtil.isKeepAlive(request);
        Admission admission = server.admission();
        try {
            Exchange exchange = admission.admit(this, request, routed);
            current = exchange;
            routed = exchange.routed().isWorthKeeping() ? exchange.routed() : null;
            long length = HttpUtil.getContentLength(request, -1L);
            body = new BodyBuffer(server.limits(), server.buffered(), (int) length);
            if (request.headers().contains(HttpHeaderNames.EXPECT) && Admission.hasBody(request)) {
                sender().sendContinue();
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

    /** Runs a task on the event loop, after those that were given before: at once if this is it and none of them waits. */
    void execute(Runnable task) {
        try {
            tasks.execute(task);
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
        } catch (RuntimeException | Error e) {
            // A response that cannot be written, such as one with a line break in a header.
            failed(e);
        }
    }

    private void send(Exchange exchange) {
        Object outcome = exchange.outcome();
        boolean headOnly = exchange.method().equals("HEAD");
        if (outcome instanceof Response response) {
            answer(response, headOnly);
        } else if (outcome instanceof Throwable failure) {
            answer(server.render(failure, exchange.path()), headOnly);
        } else if (outcome instanceof ResponseStream unwanted && headOnly) {
            phase = Phase.ANSWERING;
            sender().head(unwanted.head(), -1, isLast());
            // Who would write the body is told as if the client had gone.
            exchange.abandon();
            pump();
        } else if (outcome instanceof ResponseStream started) {
            stream = started;
            sender().head(started.head(), -1, isLast());
            pump();
        }
    }

    private void answer(Response response, boolean headOnly) {
        phase = Phase.ANSWERING;
        sender().answer(response, headOnly, isLast());
        pump();
    }

    private boolean isLast() {
        return !keepAlive || draining;
    }

    void piece(ResponseStream from, String size, ByteBuffer[] parts) {
        if (from != stream) {
            return;
        }
        sender().addChunk(size, parts);
        pump();
    }

    void end(ResponseStream from) {
        if (from == stream) {
            stream = null;
            sender().addLastChunk();
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
        long moved = sender().pump();
        ResponseStream open = stream;
        if (open != null) {
            open.sent(moved);
        }
        if (phase == Phase.ANSWERING && sender().isEmpty()) {
            answered();
        }
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
            closeWhenSent();
        }
    }

    private void closeWhenSent() {
        phase = Phase.LINGERING;
        arm(LINGER);
        sender().whenSent(ChannelFutureListener.CLOSE);
    }

    private void linger() {
        phase = Phase.LINGERING;
        arm(LINGER);
        decoder.discard();
        sender().whenSent(written -> {
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
            failed(e);
        }
    }

    // ---- Time, and the end.

    private void arm(Duration span) {
        deadline = server.in(span);
    }

    private void disarm() {
        deadline = 0;
    }

    /** Whether a deadline has passed. Called by the sweep, on any thread. */
    boolean isOverdue(long now) {
        Sender outgoing = sender;
        return HttpServer.isPast(deadline, now) || (outgoing != null && outgoing.isOverdue(now));
    }

    /** Does what an overdue deadline asks for; on the event loop. */
    @Override
    public void run() {
        long now = server.nanoTime();
        if (sender().isOverdue(now) && sender().isStalled()) {
            LOG.atDebug().addKeyValue("peer", peer()).log("Connection closed: the client takes nothing of its answer");
            channel.close();
        } else if (HttpServer.isPast(deadline, now)) {
            expired();
        }
    }

    private void expired() {
        disarm();
        if (phase == Phase.HEAD || phase == Phase.BODY) {
            String part = phase == Phase.HEAD ? "headers" : "body";
            Refusal late = Refusal.closing(408, ErrorKind.DEADLINE, "The " + part + " did not arrive in time");
            refuse(late.at(path()));
        } else if (sender().isWaiting()) {
            // An answer is still on its way; how long that may take is not for this deadline to say.
            arm(LINGER);
        } else if (phase == Phase.IDLE || phase == Phase.LINGERING) {
            channel.close();
        }
    }

    /** From now on every answer is the last of its connection. */
    void drain() {
        draining = true;
        // Not now: a request may have arrived that nobody has read yet. The loop reads before it does what is due.
        channel.eventLoop().schedule(this::closeIfIdle, DRAIN_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void closeIfIdle() {
        if (phase == Phase.IDLE) {
            closeWhenSent();
        }
    }

    /** The time to drain is over: has what is pending answered, and closes, at once or when the answer is sent. */
    void force(Refusal reason) {
        draining = true;
        Exchange exchange = current;
        if (phase == Phase.HANDLING && exchange != null) {
            exchange.cutShort(reason);
            if (exchange.isStreaming()) {
                channel.close();
            } else {
                exchange.abandon();
            }
        } else if (phase != Phase.ANSWERING && phase != Phase.LINGERING) {
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

    private Sender sender() {
        Sender outgoing = sender;
        if (outgoing == null) {
            throw new IllegalStateException("not in a pipeline yet");
        }
        return outgoing;
    }
}
