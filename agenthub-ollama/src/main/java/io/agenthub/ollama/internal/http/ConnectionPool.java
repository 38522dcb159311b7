package io.agenthub.ollama.internal.http;

import io.agenthub.api.BusyException;
import io.agenthub.api.Promise;
import io.agenthub.api.Scheduler;
import io.agenthub.ollama.internal.http.HttpFailure.Reason;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpRequestEncoder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** Kept-alive connections to one endpoint, all on one event loop. Public methods may be called from any thread. */
public final class ConnectionPool {
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final Endpoint endpoint;
    private final HttpLimits limits;
    private final EventLoop loop;
    private final Scheduler scheduler;
    private final HelperThread resolver = new HelperThread("agenthub-ollama-resolver");
    private final Promise<Void> closed = new Promise<>(Runnable::run);

    // Confined to the loop.
    private final Deque<Idle> idle = new ArrayDeque<>();
    private final Deque<Exchange> waiting = new ArrayDeque<>();
    private final Set<Exchange> active = new HashSet<>();
    private int connections;
    private boolean closing;

    private record Idle(ChannelHandlerContext context, Scheduler.Task eviction) {}

    /**
     * Creates a pool without a connection.
     *
     * @param endpoint where requests go
     * @param limits its bounds
     * @param loop carries all connections; stays its owner's
     * @param scheduler measures deadlines
     */
    public ConnectionPool(Endpoint endpoint, HttpLimits limits, EventLoop loop, Scheduler scheduler) {
        this.endpoint = endpoint;
        this.limits = limits;
        this.loop = loop;
        this.scheduler = scheduler;
    }

    /**
     * Where requests go.
     *
     * @return the endpoint
     */
    public Endpoint endpoint() {
        return endpoint;
    }

    /**
     * Sends a request. A request on a kept connection that turns out to be closed before the first byte of an answer is sent
     * once more on a new one.
     *
     * @param request the request
     * @param reader reads the answer
     */
    public void send(Request request, AnswerReader reader) {
        Exchange exchange = new Exchange(request, reader, loop, scheduler);
        reader.attached(exchange);
        try {
            loop.execute(() -> start(exchange));
        } catch (RejectedExecutionException e) {
            reader.broke(new HttpFailure(Reason.SHUT_DOWN, "the event loop has ended", false, null));
        }
    }

    private void start(Exchange exchange) {
        active.removeIf(Exchange::isDone);
        waiting.removeIf(Exchange::isDone);
        if (exchange.isDone()) {
            return;
        }
        if (closing) {
            exchange.fail(Reason.SHUT_DOWN, "the client is closed", null);
            return;
        }
        ChannelHandlerContext kept = takeIdle();
        if (kept != null) {
            carry(kept, exchange, true);
        } else if (connections < limits.maxConnections()) {
            connect(exchange);
        } else if (waiting.size() < limits.maxQueued()) {
            waiting.add(exchange);
        } else {
            exchange.fail(new BusyException("ollama", "maxConnections", limits.maxConnections()));
        }
    }

    private @Nullable ChannelHandlerContext takeIdle() {
        for (Idle kept = idle.pollLast(); kept != null; kept = idle.pollLast()) {
            kept.eviction.cancel();
            if (kept.context.channel().isActive()) {
                return kept.context;
            }
        }
        return null;
    }

    private void carry(ChannelHandlerContext context, Exchange exchange, boolean reused) {
        exchange.reused = reused;
        active.add(exchange);
        ((ConnectionHandler) context.handler()).carry(context, exchange);
    }

    private void connect(Exchange exchange) {
        connections++;
        active.add(exchange);
        if (!endpoint.needsResolving()) {
            resolve(exchange);
            return;
        }
        try {
            resolver.execute(() -> resolve(exchange));
        } catch (RejectedExecutionException e) {
            notConnected(exchange, "too many name look-ups are under way", null);
        }
    }

    private void resolve(Exchange exchange) {
        List<InetAddress> addresses;
        try {
            addresses = endpoint.addresses();
        } catch (UnknownHostException e) {
            inLoop(() -> notConnected(exchange, "the name " + endpoint.host() + " means nothing", e));
            return;
        }
        inLoop(() -> connect(exchange, addresses, 0));
    }

    private void connect(Exchange exchange, List<InetAddress> addresses, int index) {
        if (exchange.isDone()) {
            connectionLost();
            return;
        }
        ChannelFuture connecting = bootstrap().connect(new InetSocketAddress(addresses.get(index), endpoint.port()));
        exchange.channel = connecting.channel();
        connecting.addListener(connected -> {
            if (connected.isSuccess()) {
                connected(connecting.channel(), exchange);
            } else if (index + 1 < addresses.size()) {
                connect(exchange, addresses, index + 1);
            } else {
                notConnected(exchange, "cannot connect", connected.cause());
            }
        });
    }

    private Bootstrap bootstrap() {
        return new Bootstrap()
                .group(loop)
                .channelFactory(SocketChannels.factory(loop))
                .option(ChannelOption.TCP_NODELAY, true)
                // The deadline of the exchange closes a connection that does not come about.
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        AnswerDecoder answers = new AnswerDecoder();
                        channel.pipeline()
                                .addLast(new HttpRequestEncoder())
                                .addLast(answers)
                                .addLast("exchange", new ConnectionHandler(ConnectionPool.this, answers));
                    }
                });
    }

    private void connected(Channel channel, Exchange exchange) {
        if (exchange.isDone() || closing) {
            channel.close();
        } else {
            carry(channel.pipeline().context("exchange"), exchange, false);
        }
    }

    private void notConnected(Exchange exchange, String why, @Nullable Throwable cause) {
        exchange.channel = null;
        exchange.fail(Reason.UNREACHABLE, why, cause);
        connectionLost();
    }

    /** The connection has done its work and can carry the next exchange. */
    void free(ChannelHandlerContext context) {
        active.removeIf(Exchange::isDone);
        Exchange next = nextWaiting();
        if (next != null) {
            carry(context, next, true);
        } else if (closing || limits.idleTimeout().isZero()) {
            context.close();
        } else {
            idle.add(new Idle(context, scheduler.schedule(limits.idleTimeout(), () -> inLoop(() -> evict(context)))));
        }
    }

    @SuppressWarnings("ReferenceEquality") // a context is one connection
    private void evict(ChannelHandlerContext context) {
        if (idle.removeIf(kept -> kept.context == context)) {
            context.close();
        }
    }

    private @Nullable Exchange nextWaiting() {
        Exchange next = waiting.poll();
        while (next != null && next.isDone()) {
            next = waiting.poll();
        }
        return next;
    }

    /** The connection has ended. */
    @SuppressWarnings("ReferenceEquality") // a context is one connection
    void gone(ChannelHandlerContext context) {
        idle.removeIf(kept -> {
            boolean same = kept.context == context;
            if (same) {
                kept.eviction.cancel();
            }
            return same;
        });
        connectionLost();
    }

    private void connectionLost() {
        connections--;
        Exchange next = closing ? null : nextWaiting();
        if (next != null) {
            connect(next);
        } else if (closing && connections == 0) {
            closed.succeed();
        }
    }

    void repeat(Exchange exchange) {
        exchange.reused = false;
        exchange.channel = null;
        start0(exchange);
    }

    /** A connection was just lost, so there is room for a new one, unless a waiting exchange took it. */
    private void start0(Exchange exchange) {
        if (closing) {
            exchange.fail(Reason.SHUT_DOWN, "the client is closed", null);
        } else if (connections < limits.maxConnections()) {
            connect(exchange);
        } else {
            waiting.addFirst(exchange);
        }
    }

    private void inLoop(Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
            return;
        }
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            // The loop has ended, and with it every connection.
        }
    }

    /**
     * Tells when nothing is left.
     *
     * @return completes after {@link #closeAsync}, when the last connection has ended, or 5 s later; on the event loop or the
     *     control thread
     */
    public CompletionStage<Void> whenClosed() {
        return closed;
    }

    /** Fails what is under way and closes every connection. */
    public void closeAsync() {
        try {
            loop.execute(this::closeInLoop);
        } catch (RejectedExecutionException e) {
            closed.succeed();
        }
    }

    private void closeInLoop() {
        if (closing) {
            return;
        }
        closing = true;
        scheduler.schedule(CLOSE_TIMEOUT, closed::succeed);
        resolver.stop();
        List<Exchange> open = new ArrayList<>(active);
        open.addAll(waiting);
        open.forEach(exchange -> exchange.fail(Reason.SHUT_DOWN, "the client was closed", null));
        List<Idle> kept = new ArrayList<>(idle);
        kept.forEach(connection -> {
            connection.eviction.cancel();
            connection.context.close();
        });
        if (connections == 0) {
            closed.succeed();
        }
    }
}
