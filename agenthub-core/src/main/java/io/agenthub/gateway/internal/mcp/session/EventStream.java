package io.agenthub.gateway.internal.mcp.session;

import io.agenthub.api.rpc.JsonText;
import io.agenthub.gateway.internal.http.Exchange;
import io.agenthub.gateway.internal.http.Response;
import io.agenthub.gateway.internal.http.ResponseStream;
import io.agenthub.gateway.internal.mcp.wire.Pulse;
import io.agenthub.gateway.internal.mcp.wire.Sse;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * A stream of events that outlives the connection it is sent over: while there is none, events wait; and a client that lost its
 * connection gets again what came after the last event it saw.
 *
 * <p>Thread-safe by its own lock, under which events are numbered, kept and handed over, so that their order is one. At most 256
 * events and 1 MiB are kept; the oldest go first.
 */
final class EventStream implements Pulse.Beat {
    private static final int MOST_EVENTS = 256;
    private static final int MOST_BYTES = 1 << 20;
    private static final int SECONDS_OF_SILENCE = 15;
    private static final int RETRY_MILLIS = 1_000;

    private record Event(long number, JsonText message) {}

    private final int number;
    private final boolean primed;
    private final Deque<Event> kept = new ArrayDeque<>();
    private long keptBytes;
    private long last;
    private long sent;
    private boolean complete;
    private int silence;
    private @Nullable ResponseStream out;

    /**
     * Makes a stream without a connection.
     *
     * @param number its number within the session
     * @param primed whether its client takes an event without data
     */
    EventStream(int number, boolean primed) {
        this.number = number;
        this.primed = primed;
    }

    int number() {
        return number;
    }

    /**
     * Connects it to the answer of a request, and sends what the client has not seen.
     *
     * @param exchange the request
     * @param head the head of the answer
     * @param seen the number of the last event that the client has seen; negative if it did not say
     */
    synchronized void attach(Exchange exchange, Response head, long seen) {
        ResponseStream before = out;
        if (before != null) {
            before.end();
        }
        ResponseStream now = exchange.stream(head);
        out = now;
        exchange.onAbandoned(() -> detach(now));
        if (primed) {
            now.write(Sse.priming(id(seen < 0 ? sent : seen), RETRY_MILLIS));
        }
        for (Event event : kept) {
            if (event.number() > (seen < 0 ? sent : seen)) {
                write(now, event);
            }
        }
        finish();
    }

    private synchronized void detach(ResponseStream gone) {
        if (out == gone) {
            out = null;
        }
    }

    /** Whether a client listens. */
    synchronized boolean isAttached() {
        return out != null && out.isOpen();
    }

    /** Whether everything was said. */
    synchronized boolean isComplete() {
        return complete;
    }

    /** The last event of the stream, or any before it. */
    synchronized void send(JsonText message) {
        if (complete) {
            return;
        }
        Event event = new Event(++last, message);
        kept.addLast(event);
        keptBytes += message.length();
        ResponseStream open = out;
        if (open != null) {
            write(open, event);
        }
        while (kept.size() > 1 && (kept.size() > MOST_EVENTS || keptBytes > MOST_BYTES)) {
            keptBytes -= kept.removeFirst().message().length();
        }
    }

    private void write(ResponseStream open, Event event) {
        silence = 0;
        if (open.write(Sse.event(id(event.number()), event.message()))) {
            sent = Math.max(sent, event.number());
        } else {
            detach(open);
        }
    }

    private String id(long event) {
        return number + "-" + event;
    }

    /** Nothing more will be said. The connection ends when everything is sent. */
    synchronized void complete() {
        complete = true;
        finish();
    }

    private void finish() {
        ResponseStream open = out;
        if (complete && open != null && sent == last) {
            open.end();
            out = null;
        }
    }

    /** Ends the connection, if there is one, whatever is still unsaid. */
    synchronized void close() {
        complete = true;
        ResponseStream open = out;
        if (open != null) {
            open.end();
            out = null;
        }
    }

    @Override
    public synchronized void beat() {
        ResponseStream open = out;
        if (open != null && ++silence >= SECONDS_OF_SILENCE) {
            silence = 0;
            if (!open.write(Sse.comment())) {
                detach(open);
            }
        }
    }
}
