package io.agenthub.gateway.internal.mcp.session;

import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcMessage;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.rpc.RpcResponse;
import io.agenthub.gateway.internal.http.Exchange;
import io.agenthub.gateway.internal.http.Response;
import io.agenthub.gateway.internal.mcp.wire.Sse;
import org.jspecify.annotations.Nullable;

/**
 * The way back to the client that posted one or several requests. A single response that comes soon is plain JSON; a stream is
 * opened by the first message that is not the response, after a second of waiting, or for several requests.
 *
 * <p>Thread-safe by its own lock.
 */
final class PostReply {
    private final Exchange exchange;
    private final Session session;
    private int expected;
    private boolean gone;
    private int waited;
    private @Nullable EventStream stream;

    /**
     * Makes the reply to a post.
     *
     * @param expected how many responses it waits for
     */
    PostReply(Exchange exchange, Session session, int expected) {
        this.exchange = exchange;
        this.session = session;
        this.expected = expected;
    }

    /** Begins to wait. */
    void begin(boolean streaming) {
        exchange.onAbandoned(this::abandoned);
        if (streaming) {
            synchronized (this) {
                stream();
            }
        }
    }

    private synchronized void abandoned() {
        // Not a cancellation: who opened a stream may resume it, and who did not has lost the answer only.
        if (stream == null) {
            gone = true;
        }
    }

    /** A message that belongs to a call, but is not its response. */
    synchronized void send(RpcMessage message) {
        if (expected > 0 && !gone) {
            stream().send(message.toJson());
        }
    }

    /** The response of a call. */
    synchronized void respond(JsonText id, RpcOutcome outcome) {
        EventStream open = stream;
        if (--expected == 0 && open == null) {
            exchange.respond(Response.rpc(200, id, outcome));
            return;
        }
        if (open != null) {
            open.send(new RpcResponse(id, outcome).toJson());
        }
        if (expected == 0 && open != null) {
            open.complete();
        }
    }

    /** A call was withdrawn: there will be no response. */
    synchronized void withdrawn() {
        EventStream open = stream;
        if (--expected == 0 && open == null) {
            exchange.respond(Response.empty(202));
        } else if (expected == 0 && open != null) {
            open.complete();
        }
    }

    /** Whether the client can still be reached. */
    synchronized boolean isReachable() {
        return !gone && expected > 0;
    }

    private EventStream stream() {
        EventStream open = stream;
        if (open == null) {
            open = session.streams().open();
            stream = open;
            open.attach(exchange, Sse.head(), -1);
        }
        return open;
    }

    /** A second has passed. */
    synchronized void beat() {
        // The first beat may come at once.
        if (expected > 0 && !gone && stream == null && ++waited > 1) {
            stream();
        }
    }
}
