package io.agenthub.gateway.internal.mcp.stateless;

import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcMessage;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.rpc.RpcResponse;
import io.agenthub.gateway.internal.http.Exchange;
import io.agenthub.gateway.internal.http.Response;
import io.agenthub.gateway.internal.http.ResponseStream;
import io.agenthub.gateway.internal.mcp.wire.Pulse;
import io.agenthub.gateway.internal.mcp.wire.Sse;
import org.jspecify.annotations.Nullable;

/**
 * The way back to the client of one request: plain JSON, unless a notification comes before the response or the response takes its
 * time; then a stream that the response ends. Thread-safe by its own lock.
 */
final class StatelessReply implements Pulse.Beat {
    private static final int SECONDS_OF_SILENCE = 15;

    private final Exchange exchange;
    private final Pulse pulse;
    private boolean done;
    private int silence;
    private @Nullable ResponseStream stream;

    StatelessReply(Exchange exchange, Pulse pulse) {
        this.exchange = exchange;
        this.pulse = pulse;
    }

    /**
     * Begins to wait.
     *
     * @param call told if the client goes away, or the gateway waits no longer, before the response
     */
    void begin(Exchange.Owner call) {
        synchronized (this) {
            if (done) {
                return;
            }
            pulse.add(this);
        }
        exchange.onAbandoned(new Exchange.Owner() {
            @Override
            public void abandoned() {
                if (finish()) {
                    call.abandoned();
                }
            }

            @Override
            public void cutShort() {
                call.cutShort();
            }
        });
    }

    private synchronized boolean finish() {
        boolean first = !done;
        done = true;
        pulse.remove(this);
        return first;
    }

    /** A message that is not the response. */
    synchronized void send(RpcMessage message) {
        if (!done) {
            stream().write(Sse.event("", message.toJson()));
        }
    }

    /** The response. */
    synchronized void respond(int status, JsonText id, RpcOutcome outcome) {
        if (!finish()) {
            return;
        }
        ResponseStream open = stream;
        if (open == null) {
            exchange.respond(Response.rpc(status, id, outcome));
        } else {
            open.write(Sse.event("", new RpcResponse(id, outcome).toJson()));
            open.end();
        }
    }

    /** Whether its status is sent already. */
    synchronized boolean isStream() {
        return stream != null;
    }

    private ResponseStream stream() {
        silence = 0;
        ResponseStream open = stream;
        if (open == null) {
            open = exchange.stream(Sse.head());
            stream = open;
        }
        return open;
    }

    @Override
    public synchronized void beat() {
        if (!done && ++silence >= SECONDS_OF_SILENCE) {
            stream().write(Sse.comment());
        }
    }
}
