package io.agenthub.gateway.internal.mcp.session;

import io.agenthub.gateway.internal.mcp.wire.Pulse;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The streams of one session: the standing one, for what belongs to no call, and one for each call that streams. Thread-safe.
 *
 * <p>A call's stream is kept for a while after its end, for a client that lost the connection before it had read all: the last 16
 * of them.
 */
final class Streams {
    private static final int MOST_ENDED = 16;

    private final Pulse pulse;
    private final boolean primed;
    private final EventStream standing;
    private final Map<Integer, EventStream> ofCalls = new LinkedHashMap<>();
    private int made;

    Streams(Pulse pulse, boolean primed) {
        this.pulse = pulse;
        this.primed = primed;
        this.standing = new EventStream(0, primed);
        pulse.add(standing);
    }

    EventStream standing() {
        return standing;
    }

    /** A new stream for a call. */
    synchronized EventStream open() {
        forgetOldest();
        EventStream stream = new EventStream(++made, primed);
        ofCalls.put(stream.number(), stream);
        pulse.add(stream);
        return stream;
    }

    private void forgetOldest() {
        long ended = ofCalls.values().stream().filter(EventStream::isComplete).count();
        Iterator<EventStream> oldest = ofCalls.values().iterator();
        while (ended >= MOST_ENDED && oldest.hasNext()) {
            EventStream stream = oldest.next();
            if (stream.isComplete()) {
                pulse.remove(stream);
                oldest.remove();
                ended--;
            }
        }
    }

    /** The stream of this number, if it is still known. */
    synchronized Optional<EventStream> find(int number) {
        return number == 0 ? Optional.of(standing) : Optional.ofNullable(ofCalls.get(number));
    }

    synchronized boolean isListenedTo() {
        return standing.isAttached() || ofCalls.values().stream().anyMatch(EventStream::isAttached);
    }

    synchronized void close() {
        pulse.remove(standing);
        standing.close();
        ofCalls.values().forEach(stream -> {
            pulse.remove(stream);
            stream.close();
        });
        ofCalls.clear();
    }
}
