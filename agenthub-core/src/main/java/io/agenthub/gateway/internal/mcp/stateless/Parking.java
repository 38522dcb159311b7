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
 * <p>A call waits 5 minutes for each round. At most 8 wait for one server, and 256 in all, because each of them holds a connection
 * to its server; one more ends the oldest.
 */
final class Parking implements Pulse.Beat {
    static final Duration PATIENCE = Duration.ofMinutes(5);
    static final int MOST_OF_ONE = 8;
    private static final int MOST = 256;
    private static final Duration GROUPING = Duration.ofMillis(20);

    private record Place(StatelessCall call, long until) {}

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

    /** Lets a call wait for its client, and ends another if there are too many. */
    void park(StatelessCall call) {
        List<StatelessCall> ended = new ArrayList<>();
        synchronized (this) {
            if (closed) {
                ended.add(call);
            }
            places.remove(call.number());
            places.put(call.number(), new Place(call, scheduler.nanoTime() + PATIENCE.toNanos()));
            evict(call.server(), ended);
        }
        pulse.add(this);
        ended.forEach(StatelessCall::cancel);
    }

    private void evict(String server, List<StatelessCall> ended) {
        List<StatelessCall> same = places.values().stream()
                .map(Place::call)
                .filter(call -> call.server().equals(server))
                .toList();
        if (same.size() > MOST_OF_ONE) {
            ended.add(same.get(0));
        } else if (places.size() > MOST) {
            ended.add(places.values().iterator().next().call());
        }
        ended.forEach(call -> places.remove(call.number()));
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
                boolean over = now - place.until() >= 0;
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
