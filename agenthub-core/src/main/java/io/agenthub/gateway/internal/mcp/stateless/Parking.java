package io.agenthub.gateway.internal.mcp.stateless;

import io.agenthub.api.Scheduler;
import io.agenthub.gateway.internal.mcp.wire.Pulse;
import io.agenthub.gateway.internal.mcp.wire.Secrets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Calls whose server waits for an answer of the client, while the client has been asked and may never come back. Thread-safe.
 *
 * <p>A call waits 5 minutes for each round. How many wait for one server follows from the connections that it may have, since
 * each holds one; there another call takes the place of one that has waited for 20 seconds. In all there are at most 256: one
 * more takes the place of the oldest, if that has waited for 20 seconds, and is otherwise refused.
 */
final class Parking implements Pulse.Beat {
    static final Duration PATIENCE = Duration.ofMinutes(5);
    /** How long a call can count on its place when all are taken. */
    static final Duration SHORTEST = Duration.ofSeconds(20);

    static final int MOST = 256;
    private static final Duration GROUPING = Duration.ofMillis(20);

    private record Place(StatelessCall call, long since) {}

    private final Scheduler scheduler;
    private final Pulse pulse;
    private final RequestState states;
    private final AtomicLong calls = new AtomicLong();
    private final Map<Long, Place> places = new LinkedHashMap<>();
    private boolean closed;

    Parking(Scheduler scheduler, Pulse pulse, Secrets secrets) {
        this.states = new RequestState(secrets);
        this.scheduler = scheduler;
        this.pulse = pulse;
    }

    RequestState states() {
        return states;
    }

    long number() {
        return calls.incrementAndGet();
    }

    /** Runs a task once questions that are asked in parallel have all arrived. */
    void afterGrouping(Runnable task) {
        scheduler.schedule(GROUPING, task);
    }

    /**
     * Lets a call wait for its client; perhaps in the place of another, which ends.
     *
     * @return false if there is no place
     */
    boolean park(StatelessCall call) {
        StatelessCall ended = null;
        synchronized (this) {
            places.remove(call.number());
            long now = scheduler.nanoTime();
            if (places.size() >= MOST) {
                Place oldest = places.values().iterator().next();
                if (now - oldest.since() < SHORTEST.toNanos()) {
                    return false;
                }
                ended = oldest.call();
                places.remove(ended.number());
            }
            if (closed) {
                ended = call;
            } else {
                places.put(call.number(), new Place(call, now));
            }
        }
        pulse.add(this);
        if (ended != null) {
            ended.cancel();
        }
        return true;
    }

    synchronized Optional<StatelessCall> find(long number) {
        return Optional.ofNullable(places.get(number)).map(Place::call);
    }

    /** The call does not wait any more. */
    synchronized void remove(StatelessCall call) {
        places.remove(call.number());
    }

    synchronized int size() {
        return places.size();
    }

    @Override
    public void beat() {
        List<StatelessCall> late = new ArrayList<>();
        synchronized (this) {
            long now = scheduler.nanoTime();
            places.values().removeIf(place -> {
                boolean over = now - place.since() >= PATIENCE.toNanos();
                if (over) {
                    late.add(place.call());
                }
                return over;
            });
            if (places.isEmpty()) {
                pulse.remove(this);
            }
        }
        late.forEach(StatelessCall::cancel);
    }

    /** Ends all, and every one that comes later. */
    void clear() {
        List<StatelessCall> all;
        synchronized (this) {
            closed = true;
            all = places.values().stream().map(Place::call).toList();
            places.clear();
        }
        all.forEach(StatelessCall::cancel);
    }
}
