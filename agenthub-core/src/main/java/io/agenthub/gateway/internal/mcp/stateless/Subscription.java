package io.agenthub.gateway.internal.mcp.stateless;

import io.agenthub.api.hub.Hub;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.rpc.RpcResponse;
import io.agenthub.api.rpc.RpcResult;
import io.agenthub.gateway.internal.http.Exchange;
import io.agenthub.gateway.internal.http.ResponseStream;
import io.agenthub.gateway.internal.mcp.upstream.Upstream;
import io.agenthub.gateway.internal.mcp.wire.Meta;
import io.agenthub.gateway.internal.mcp.wire.Pulse;
import io.agenthub.gateway.internal.mcp.wire.Sse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One {@code subscriptions/listen}: a stream of what the client wants to hear of, until one side ends it. Thread-safe. */
final class Subscription implements Pulse.Beat {
    private static final int SECONDS_OF_SILENCE = 15;

    private final Exchange exchange;
    private final Upstream upstream;
    private final JsonText id;
    private final List<String> lists;
    private final List<String> uris;
    private final Consumer<Subscription> closed;
    private @Nullable ResponseStream stream;
    private Hub.@Nullable Registration registration;
    private boolean over;
    private int silence;

    /**
     * Makes one that has said nothing yet.
     *
     * @param id the id of the request, which names the subscription
     * @param lists the lists whose changes it hears of
     * @param uris the resources whose updates it hears of, which are watched already
     * @param closed told once it is over
     */
    Subscription(
            Exchange exchange,
            Upstream upstream,
            JsonText id,
            List<String> lists,
            List<String> uris,
            Consumer<Subscription> closed) {
        this.exchange = exchange;
        this.upstream = upstream;
        this.id = id;
        this.lists = lists;
        this.uris = uris;
        this.closed = closed;
    }

    /** Acknowledges, and listens from then on. */
    void begin() {
        synchronized (this) {
            stream = exchange.stream(Sse.head());
            // Before it is acknowledged, so that nothing after that is missed; what comes meanwhile waits for the
            // block.
            registration = upstream.listen(this::announced);
            Map<String, Object> honoured = new LinkedHashMap<>();
            lists.forEach(list -> honoured.put(list + "ListChanged", true));
            if (!uris.isEmpty()) {
                honoured.put("resourceSubscriptions", uris);
            }
            send(new RpcNotification(
                    "notifications/subscriptions/acknowledged", JsonText.ofValue(Map.of("notifications", honoured))));
        }
        exchange.onAbandoned(this::close);
    }

    private void announced(RpcNotification notification) {
        if (concerns(notification)) {
            send(notification);
        }
    }

    private boolean concerns(RpcNotification notification) {
        String method = notification.method();
        if (method.equals("notifications/resources/updated")) {
            return Optional.ofNullable(notification.params())
                    .flatMap(params -> params.member("uri"))
                    .flatMap(JsonText::string)
                    .filter(uris::contains)
                    .isPresent();
        }
        return lists.stream().anyMatch(list -> method.equals("notifications/" + list + "/list_changed"));
    }

    private synchronized void send(RpcNotification notification) {
        ResponseStream open = stream;
        if (!over && open != null) {
            silence = 0;
            JsonText params = notification.params();
            JsonText carried = params == null || !params.isObject() ? JsonText.EMPTY_OBJECT : params;
            JsonText named = Meta.with(carried, Meta.SUBSCRIPTION_ID, id);
            open.write(Sse.event("", new RpcNotification(notification.method(), named).toJson()));
        }
    }

    /** Ends it in order: with its result. */
    void end() {
        synchronized (this) {
            ResponseStream open = stream;
            if (!over && open != null) {
                JsonText result = Meta.with(
                        JsonText.object(Map.of("resultType", JsonText.quote("complete"))), Meta.SUBSCRIPTION_ID, id);
                open.write(Sse.event("", new RpcResponse(id, new RpcResult(result)).toJson()));
                open.end();
            }
        }
        close();
    }

    /** The client is gone. Idempotent. */
    private void close() {
        Hub.Registration listening;
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
            listening = registration;
        }
        if (listening != null) {
            listening.end();
        }
        uris.forEach(uri -> upstream.release(uri, Optional.empty()));
        closed.accept(this);
    }

    @Override
    public synchronized void beat() {
        ResponseStream open = stream;
        if (!over && open != null && ++silence >= SECONDS_OF_SILENCE) {
            silence = 0;
            open.write(Sse.comment());
        }
    }
}
