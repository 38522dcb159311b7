package io.agenthub.mcp.internal.streamable;

import io.agenthub.api.Scheduler;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcResponse;
import io.agenthub.mcp.internal.http.ConnectionPool;
import io.agenthub.mcp.internal.http.Exchange;
import io.agenthub.mcp.internal.http.HttpRequest;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The way to one server: HTTP requests with the headers that all have, and what keeps an order. Confined to the loop. */
final class Line {
    /*
     * Each message is a request of its own, and two of them on two connections may overtake each other. So notifications go one
     * at a time, and a call waits for those that were queued before it. Answers to the server and cancellations depend on
     * nothing and wait for nothing.
     */
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int MOST_BESIDE = 256;
    private static final HttpHeaders NONE = new DefaultHttpHeaders();

    private final ConnectionPool pool;
    private final EventLoop loop;
    private final Scheduler scheduler;
    private final Refusals refusals;
    private final Map<String, String> own;
    private final int maxMessageBytes;
    private final Deque<Runnable> queue = new ArrayDeque<>();
    private final Set<Exchange> beside = new HashSet<>();
    private Supplier<Map<String, String>> headers = Map::of;
    private boolean announcing;
    private boolean closed;

    Line(
            ConnectionPool pool,
            EventLoop loop,
            Scheduler scheduler,
            Refusals refusals,
            Map<String, String> own,
            int maxMessageBytes) {
        this.pool = pool;
        this.loop = loop;
        this.scheduler = scheduler;
        this.refusals = refusals;
        this.own = own;
        this.maxMessageBytes = maxMessageBytes;
    }

    EventLoop loop() {
        return loop;
    }

    Refusals refusals() {
        return refusals;
    }

    /** Says what headers go with answers to the server. */
    void headers(Supplier<Map<String, String>> current) {
        headers = current;
    }

    /** Posts the request of a call. */
    Exchange post(JsonText body, Map<String, String> more, boolean aside, Reply.Owner owner) {
        Reply reply = new Reply(maxMessageBytes, owner, NONE);
        HttpRequest request = request(HttpMethod.POST, body, more);
        return aside ? pool.sendAside(request, reply) : pool.send(request, reply);
    }

    /** Opens a stream of messages that no request asked for, or takes one up again. */
    Exchange listen(String lastEventId, Map<String, String> more, Reply.Owner owner) {
        Map<String, String> all = new LinkedHashMap<>(more);
        if (!lastEventId.isEmpty()) {
            all.put("Last-Event-ID", lastEventId);
        }
        return pool.sendAside(request(HttpMethod.GET, null, all), new Reply(maxMessageBytes, owner, NONE));
    }

    private HttpRequest request(HttpMethod method, @Nullable JsonText body, Map<String, String> more) {
        Map<String, String> all = new LinkedHashMap<>(own);
        all.put("User-Agent", own.getOrDefault("User-Agent", "agenthub"));
        all.put("Accept", method.equals(HttpMethod.GET) ? "text/event-stream" : "application/json, text/event-stream");
        if (body != null) {
            all.put("Content-Type", "application/json");
        }
        all.putAll(more);
        return new HttpRequest(method, all, body);
    }

    /** Answers a question of the server. */
    void reply(RpcResponse response) {
        beside(HttpMethod.POST, response.toJson().singleLine(), headers.get(), PATIENCE, () -> {});
    }

    /** Sends a message that nothing waits for, as soon as can be. */
    void aside(JsonText body) {
        beside(HttpMethod.POST, body, headers.get(), PATIENCE, () -> {});
    }

    /** Tells the server that its session is over. */
    void delete(Map<String, String> more, Duration patience, Runnable done) {
        beside(HttpMethod.DELETE, null, more, patience, done);
    }

    /** Posts a notification after those before it. Its headers are asked for when its turn has come. */
    void announce(JsonText body, Supplier<Map<String, String>> more, Runnable done) {
        queue.add(() -> {
            announcing = true;
            beside(HttpMethod.POST, body, more.get(), PATIENCE, () -> {
                announcing = false;
                done.run();
                pump();
            });
        });
        pump();
    }

    /** Runs a task once all notifications queued before it are with the server. */
    void afterAnnouncements(Runnable task) {
        if (!announcing && queue.isEmpty()) {
            task.run();
        } else {
            queue.add(task);
        }
    }

    private void pump() {
        while (!announcing && !queue.isEmpty()) {
            queue.remove().run();
        }
    }

    /** Sends a request whose answer says no more than that it arrived. Dropped if far too many are under way. */
    private void beside(
            HttpMethod method, @Nullable JsonText body, Map<String, String> more, Duration patience, Runnable done) {
        beside.removeIf(Exchange::isDone);
        if (closed || beside.size() >= MOST_BESIDE) {
            done.run();
            return;
        }
        Receipt receipt = new Receipt(done);
        Exchange exchange = pool.sendAside(request(method, body, more), receipt);
        if (!exchange.isDone()) {
            beside.add(exchange);
            receipt.timer(scheduler.schedule(
                    patience,
                    () -> onLoop(() -> {
                        exchange.cancel();
                        receipt.end();
                    })));
        }
    }

    /** Runs what waits, and closes every connection. */
    void close() {
        closed = true;
        List<Runnable> left = new ArrayList<>(queue);
        queue.clear();
        left.forEach(Runnable::run);
        pool.close();
    }

    private void onLoop(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            // The loop has ended, and with it every connection.
        }
    }
}
