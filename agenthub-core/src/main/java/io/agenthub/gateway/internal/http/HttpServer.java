package io.agenthub.gateway.internal.http;

import io.agenthub.api.ErrorKind;
import io.agenthub.api.Promise;
import io.agenthub.api.Scheduler;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.spi.SelectorProvider;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens, accepts up to a bound, looks after deadlines, and closes in order. Thread-safe; used once: bound, then closed.
 *
 * <p>It runs on event loops that it is given and does not close.
 */
public final class HttpServer {
    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);
    private static final Duration SWEEP = Duration.ofMillis(250);
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(32 * 1024, 64 * 1024);
    private static final DateTimeFormatter DATE = DateTimeFormatter.RFC_1123_DATE_TIME;

    private final EventLoopGroup loops;
    private final Scheduler scheduler;
    private final Executor callbacks;
    private final HttpLimits limits;
    private final HeaderNames headerNames = new HeaderNames();
    private final List<RouteGroup> groups;
    private final ErrorPage errors;
    private final Router router;
    private final List<Channel> listeners = new CopyOnWriteArrayList<>();
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicLong buffered = new AtomicLong();
    private final AtomicBoolean sweeping = new AtomicBoolean();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final Promise<Void> closed;
    private volatile @Nullable Admission admission;
    private volatile @Nullable FrontDoor frontDoor;
    private volatile ResponseEncoder.Start headStart = new ResponseEncoder.Start(new byte[0]);

    /**
     * Makes a server that does not listen yet.
     *
     * @param loops carry its sockets
     * @param scheduler its time
     * @param callbacks completes the stages it returns
     * @param limits its bounds
     * @param groups its routes
     * @param errors renders what goes wrong
     */
    public HttpServer(
            EventLoopGroup loops,
            Scheduler scheduler,
            Executor callbacks,
            HttpLimits limits,
            List<RouteGroup> groups,
            ErrorPage errors) {
        this.loops = loops;
        this.scheduler = scheduler;
        this.callbacks = callbacks;
        this.limits = limits;
        this.groups = List.copyOf(groups);
        this.errors = errors;
        this.router = new Router(groups);
        this.closed = new Promise<>(callbacks);
    }

    // ---- Opening.

    /**
     * Listens on an address and, if it can, on further ones at the same port.
     *
     * @param address the address that must be free; port 0 means any
     * @param further addresses that are only tried
     * @param rules makes the rules for the address that was bound
     * @return the first address as bound. Fails with the {@link java.io.IOException} of the socket
     */
    public CompletionStage<InetSocketAddress> bind(
            InetSocketAddress address, List<InetAddress> further, Function<InetSocketAddress, AccessRules> rules) {
        Promise<InetSocketAddress> bound = new Promise<>(callbacks);
        try {
            // Netty leaves thread locals wherever it makes channels; on a thread of the application they would stay for
            // good.
            loops.next().execute(() -> listenFirst(address, further, rules, bound));
        } catch (RejectedExecutionException e) {
            bound.fail(new IOException("the event loops have ended", e));
        }
        return bound;
    }

    private void listenFirst(
            InetSocketAddress address,
            List<InetAddress> further,
            Function<InetSocketAddress, AccessRules> rules,
            Promise<InetSocketAddress> bound) {
        listen(
                address,
                first -> {
                    InetSocketAddress local = (InetSocketAddress) first.localAddress();
                    AccessRules access = rules.apply(local);
                    admission = new Admission(access, router, limits);
                    admit(first, access);
                    listenFurther(further, local, access, bound);
                },
                bound::fail);
    }

    private void listenFurther(
            List<InetAddress> further, InetSocketAddress local, AccessRules access, Promise<InetSocketAddress> bound) {
        if (further.isEmpty()) {
            bound.succeed(local);
            return;
        }
        InetSocketAddress next = new InetSocketAddress(further.get(0), local.getPort());
        List<InetAddress> others = further.subList(1, further.size());
        listen(
                next,
                channel -> {
                    admit(channel, access);
                    listenFurther(others, local, access, bound);
                },
                failure -> {
                    LOG.atInfo()
                            .addKeyValue("address", next)
                            .addKeyValue("reason", String.valueOf(failure.getMessage()))
                            .log("Not listening on this address, too");
                    listenFurther(others, local, access, bound);
                });
    }

    private void listen(InetSocketAddress address, Consumer<Channel> listening, Consumer<Throwable> failed) {
        ChannelFuture binding = new ServerBootstrap()
                .group(loops)
                .channelFactory(() -> serverChannel(address))
                // Until it is known who may ask, nobody is let in.
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.SO_BACKLOG, 1024)
                // One at a time, so that the bound on connections is exact.
                .option(ChannelOption.RECVBUF_ALLOCATOR, new ServerChannelRecvByteBufAllocator().maxMessagesPerRead(1))
                .childOption(ChannelOption.TCP_NODELAY, true)
                // Else the kernel holds megabytes for each client that does not read, and hides that it does not.
                .childOption(ChannelOption.SO_SNDBUF, 256 * 1024)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .childOption(ChannelOption.ALLOCATOR, SocketBuffers.SHARED)
                .handler(new Acceptor())
                .childHandler(new Pipeline())
                .bind(address);
        binding.addListener(future -> {
            Throwable failure = future.cause();
            if (failure != null) {
                failed.accept(failure);
                return;
            }
            if (closing.get()) {
                binding.channel().close();
            }
            try {
                listening.accept(binding.channel());
            } catch (RuntimeException | Error e) {
                // Whoever waits for the start must hear of it.
                binding.channel().close();
                failed.accept(e);
            }
        });
    }

    /** Of an IPv4 address, a socket that knows nothing else: on one of IPv6, 0.0.0.0 would mean all addresses of either kind. */
    private ServerChannel serverChannel(InetSocketAddress address) {
        SocketProtocolFamily family =
                address.getAddress() instanceof Inet4Address ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6;
        return loops instanceof IoEventLoopGroup io && io.isIoType(EpollIoHandler.class)
                ? new EpollServerSocketChannel(family)
                : new NioServerSocketChannel(SelectorProvider.provider(), family);
    }

    private void admit(Channel listener, AccessRules access) {
        frontDoor = new FrontDoor(access);
        listeners.add(listener);
        listener.config().setAutoRead(true);
        if (closing.get()) {
            listener.close();
        }
    }

    private final class Pipeline extends ChannelInitializer<Channel> {
        @Override
        protected void initChannel(Channel channel) {
            FrontDoor door = frontDoor;
            if (door == null) {
                channel.close();
                return;
            }
            RequestDecoder decoder = new RequestDecoder(limits, headerNames);
            channel.pipeline().addLast(decoder, door, new Connection(HttpServer.this, decoder, channel));
        }
    }

    /** Counts connections, and stops accepting while there are as many as may be. */
    private final class Acceptor extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            Channel child = (Channel) message;
            if (accepted.incrementAndGet() > limits.maxConnections()) {
                // Two listeners accepted at the same moment.
                accepted.decrementAndGet();
                child.unsafe().closeForcibly();
                return;
            }
            child.closeFuture().addListener(future -> {
                accepted.decrementAndGet();
                listeners.forEach(HttpServer.this::regulate);
            });
            listeners.forEach(HttpServer.this::regulate);
            ctx.fireChannelRead(child);
        }
    }

    private void regulate(Channel listener) {
        if (listener.eventLoop().inEventLoop()) {
            listener.config().setAutoRead(accepted.get() < limits.maxConnections());
        } else if (!listener.eventLoop().isShuttingDown()) {
            listener.eventLoop().execute(() -> regulate(listener));
        }
    }

    // ---- What connections ask for.

    void opened(Connection connection) {
        connections.add(connection);
        if (sweeping.compareAndSet(false, true)) {
            sweep();
        }
        if (closing.get()) {
            connection.drain();
        }
    }

    void closed(Connection connection) {
        connections.remove(connection);
        settle();
    }

    HttpLimits limits() {
        return limits;
    }

    Admission admission() {
        Admission known = admission;
        if (known == null) {
            throw new IllegalStateException("not bound");
        }
        return known;
    }

    AtomicLong buffered() {
        return buffered;
    }

    Response render(Throwable failure, String path) {
        return errors.render(failure, path);
    }

    /** What the heads of answers have in common now. */
    ResponseEncoder.Start headStart() {
        return headStart;
    }

    long nanoTime() {
        return scheduler.nanoTime();
    }

    /** A moment from now; never zero, which means none. */
    long in(Duration span) {
        long moment = nanoTime() + span.toNanos();
        return moment == 0 ? 1 : moment;
    }

    static boolean isPast(long moment, long now) {
        return moment != 0 && now - moment >= 0;
    }

    /**
     * How many connections are open.
     *
     * @return a snapshot
     */
    public int connections() {
        return connections.size();
    }

    /**
     * How many bytes of request bodies are held.
     *
     * @return a snapshot
     */
    public long bufferedBytes() {
        return buffered.get();
    }

    // ---- Time.

    /** Looks at all deadlines, a few times a second while there are connections. */
    private void sweep() {
        Instant now = scheduler.now();
        String date = "date: " + DATE.format(now.atOffset(ZoneOffset.UTC)) + "\r\n";
        headStart = new ResponseEncoder.Start(ResponseEncoder.ascii(date));
        long nanos = scheduler.nanoTime();
        for (Connection connection : connections) {
            if (connection.isOverdue(nanos)) {
                connection.execute(connection);
            }
        }
        if (connections.isEmpty()) {
            sweeping.set(false);
            if (connections.isEmpty() || !sweeping.compareAndSet(false, true)) {
                return;
            }
        }
        scheduler.schedule(SWEEP, this::sweep);
    }

    // ---- Closing.

    /**
     * Closes in order: accepts no more, closes idle connections, lets requests that have begun be answered, has those answered
     * that are still pending after a while, by their owners or else with 503, and closes everything.
     *
     * @param drain how long requests may take
     * @return completes when no connection is left; always the same stage
     */
    public CompletionStage<Void> close(Duration drain) {
        if (closing.compareAndSet(false, true)) {
            listeners.forEach(Channel::close);
            groups.forEach(RouteGroup::drain);
            connections.forEach(connection -> connection.execute(connection::drain));
            Scheduler.Task end = scheduler.schedule(drain, this::force);
            closed.whenComplete((nothing, failure) -> end.cancel());
            settle();
        }
        return closed;
    }

    private void force() {
        Refusal reason = Refusal.of(503, ErrorKind.SHUTTING_DOWN, "The gateway is closing");
        groups.forEach(RouteGroup::cutShort);
        connections.forEach(connection -> connection.execute(() -> connection.force(reason)));
        scheduler.schedule(LAST_WORDS, () -> {
            connections.forEach(Connection::abort);
            closed.succeed();
        });
    }

    private void settle() {
        if (closing.get() && connections.isEmpty()) {
            closed.succeed();
        }
    }
}
