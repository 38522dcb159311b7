package io.agenthub.mcp.internal.http;

import io.agenthub.api.Scheduler;
import io.agenthub.mcp.internal.http.HttpFault.Reason;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** Kept connections to one endpoint, all on one event loop and confined to it. */
public final class ConnectionPool {
    /*
     * Two lanes. Requests take a connection of their own each, up to maxConnections; beyond that they wait in order. The side
     * lane (answers to the server, notifications, streams) never waits, since a request that holds a connection may be waiting
     * for just that; whoever uses it bounds how much is on it. Connections themselves are alike and change lanes.
     */
    private final Endpoint endpoint;
    private final HttpLimits limits;
    private final EventLoop loop;
    private final Scheduler scheduler;
    private final Dialer dialer;
    private final Deque<Idle> idle = new ArrayDeque<>();
    /** In order; most of those that give up are not the first, so leaving must be as cheap from the middle. */
    private final Set<Exchange> waiting = new LinkedHashSet<>();

    /** Those with a connection, or for which one is being opened, even if they have ended meanwhile. */
    private final Set<Exchange> active = new HashSet<>();

    private final Set<Exchange> dialing = new HashSet<>();
    private final Set<Connection> connections = new HashSet<>();
    private boolean closed;

    private record Idle(Connection connection, Scheduler.Task eviction) {}

    /**
     * Creates a pool without a connection.
     *
     * @param endpoint where requests go
     * @param limits its bounds
     * @param loop carries all connections; stays its owner's
     * @param scheduler measures time
     * @param helpers runs what blocks
     * @param tls for endpoints that need it
     */
    public ConnectionPool(
            Endpoint endpoint,
            HttpLimits limits,
            EventLoop loop,
            Scheduler scheduler,
            Executor helpers,
            ClientTls tls) {
        this.endpoint = endpoint;
        this.limits = limits;
        this.loop = loop;
        this.scheduler = scheduler;
        this.dialer = new Dialer(endpoint, limits, loop, scheduler, helpers, tls);
    }

    Endpoint endpoint() {
        return endpoint;
    }

    /**
     * Sends a request as soon as a connection is free.
     *
     * @param request the request
     * @param reader reads the answer
     * @return what cancels it
     */
    public Exchange send(HttpRequest request, AnswerReader reader) {
        return start(new Exchange(this, request, true, reader));
    }

    /**
     * Sends a request at once, on the side lane.
     *
     * @param request the request
     * @param reader reads the answer
     * @return what cancels it
     */
    public Exchange sendAside(HttpRequest request, AnswerReader reader) {
        return start(new Exchange(this, request, false, reader));
    }

    private Exchange start(Exchange exchange) {
        assert loop.inEventLoop();
        settle();
        if (closed) {
            exchange.fail(Reason.CLOSED, "the connection was closed by the hub", null);
        } else if (hasRoom(exchange)) {
            admit(exchange);
        } else {
            waiting.add(exchange);
        }
        return exchange;
    }

    private boolean hasRoom(Exchange exchange) {
        return !exchange.counted
                || active.stream().filter(other -> other.counted).count() < limits.maxConnections();
    }

    private void admit(Exchange exchange) {
        active.add(exchange);
        Connection kept = takeIdle();
        if (kept != null) {
            kept.carry(exchange);
        } else {
            dialing.add(exchange);
            dialer.dial(() -> new Connection(this), new Dialer.Listener() {
                @Override
                public void connected(Channel channel) {
                    ConnectionPool.this.connected(channel.pipeline().get(Connection.class), exchange);
                }

                @Override
                public void notConnected(String why, @Nullable Throwable cause) {
                    dialing.remove(exchange);
                    String more = cause == null || cause.getMessage() == null ? "" : ": " + cause.getMessage();
                    exchange.fail(Reason.UNREACHABLE, why + more, cause);
                    settle();
                }
            });
        }
    }

    private @Nullable Connection takeIdle() {
        for (Idle kept = idle.pollLast(); kept != null; kept = idle.pollLast()) {
            kept.eviction.cancel();
            if (kept.connection.isUsable()) {
                return kept.connection;
            }
        }
        return null;
    }

    private void connected(Connection connection, Exchange exchange) {
        dialing.remove(exchange);
        if (closed) {
            connection.close();
            return;
        }
        connections.add(connection);
        if (exchange.isDone()) {
            free(connection);
        } else {
            connection.carry(exchange);
        }
    }

    /** The connection has done its work and can carry the next exchange. */
    void free(Connection connection) {
        if (connection.isUsable()) {
            Duration keep = keep(connection);
            if (closed || keep.isZero() || keep.isNegative()) {
                connection.close();
            } else {
                idle.add(new Idle(connection, scheduler.schedule(keep, () -> onLoop(() -> evict(connection)))));
            }
        }
        // After that, so that who waits takes this one and opens none of his own.
        settle();
    }

    /** Until a second before the server's own end of patience, if it told: who is late sends into a closed connection. */
    private Duration keep(Connection connection) {
        long told = connection.keptForSeconds();
        Duration server = told == Long.MAX_VALUE ? limits.idleTimeout() : Duration.ofSeconds(told - 1);
        return server.compareTo(limits.idleTimeout()) < 0 ? server : limits.idleTimeout();
    }

    @SuppressWarnings("ReferenceEquality") // an entry is one connection
    private void evict(Connection connection) {
        if (idle.removeIf(kept -> kept.connection == connection)) {
            connection.close();
        }
    }

    /** The connection has ended. */
    @SuppressWarnings("ReferenceEquality") // an entry is one connection
    void gone(Connection connection) {
        connections.remove(connection);
        idle.removeIf(kept -> {
            boolean same = kept.connection == connection;
            if (same) {
                kept.eviction.cancel();
            }
            return same;
        });
        onLoop(this::settle);
    }

    /** Forgets what has ended and lets in who waits. */
    private void settle() {
        active.removeIf(exchange -> exchange.isDone() && !dialing.contains(exchange));
        while (!closed && !waiting.isEmpty()) {
            // A new one each time: whom admitting fails may send or cancel others.
            Iterator<Exchange> first = waiting.iterator();
            Exchange next = first.next();
            if (!hasRoom(next)) {
                return;
            }
            first.remove();
            admit(next);
        }
    }

    /** The exchange has ended: if it waits, nothing of it is kept. */
    void ended(Exchange exchange) {
        waiting.remove(exchange);
    }

    /** Fails what is under way and closes every connection; idempotent. */
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        List<Exchange> open = new ArrayList<>(active);
        open.addAll(waiting);
        waiting.clear();
        open.forEach(exchange -> exchange.fail(Reason.CLOSED, "the connection was closed by the hub", null));
        idle.forEach(kept -> kept.eviction.cancel());
        idle.clear();
        List.copyOf(connections).forEach(Connection::close);
    }

    private void onLoop(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            // The loop has ended, and with it every connection.
        }
    }
}
