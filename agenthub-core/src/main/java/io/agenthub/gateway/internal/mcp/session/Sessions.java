package io.agenthub.gateway.internal.mcp.session;

import io.agenthub.api.ErrorKind;
import io.agenthub.api.Scheduler;
import io.agenthub.gateway.internal.http.Refusal;
import io.agenthub.gateway.internal.mcp.upstream.Upstream;
import io.agenthub.gateway.internal.mcp.wire.Principal;
import io.agenthub.gateway.internal.mcp.wire.Pulse;
import io.agenthub.gateway.internal.mcp.wire.Revisions;
import io.agenthub.gateway.internal.mcp.wire.Secrets;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * All sessions. Thread-safe.
 *
 * <p>A session ends when its client says so, or after half an hour in which it made no call and did not listen. There are at most
 * 1,000; one more takes the place of the one that is idle for longest, if that is a minute at least.
 */
final class Sessions implements Pulse.Beat {
    static final int MOST = 1_000;
    static final Duration LONGEST_IDLE = Duration.ofMinutes(30);
    private static final Duration SHORTEST_IDLE = Duration.ofMinutes(1);

    private final Scheduler scheduler;
    private final Pulse pulse;
    private final Secrets secrets;
    private final AtomicLong made = new AtomicLong();
    private final Map<String, Session> sessions = new ConcurrentHashMap<>();
    private volatile boolean closed;

    Sessions(Scheduler scheduler, Pulse pulse, Secrets secrets) {
        this.secrets = secrets;
        this.scheduler = scheduler;
        this.pulse = pulse;
    }

    /**
     * Begins a session.
     *
     * @throws Refusal 429 if there are too many, 503 if the gateway closes
     */
    Session begin(Principal owner, Upstream upstream, Client client) {
        long now = scheduler.nanoTime();
        if (closed) {
            throw Refusal.of(503, ErrorKind.SHUTTING_DOWN, "The gateway is closing");
        }
        if (sessions.size() >= MOST) {
            makeRoom(now);
        }
        Streams streams = new Streams(pulse, Revisions.primes(client.version()));
        Session session = new Session(
                secrets.name("session"), "session-" + made.incrementAndGet(), owner, upstream, client, streams);
        session.used(now);
        sessions.put(session.id(), session);
        pulse.add(this);
        if (closed) {
            end(session);
        }
        return session;
    }

    private void makeRoom(long now) {
        Session idlest = sessions.values().stream()
                .max(Comparator.comparingLong(session -> session.idleNanos(now)))
                .filter(session -> session.idleNanos(now) >= SHORTEST_IDLE.toNanos())
                .orElseThrow(
                        () -> Refusal.of(429, ErrorKind.BUSY, "There are " + MOST + " sessions, and all are in use"));
        end(idlest);
    }

    /** The session of this id, if this principal began it at this endpoint; nobody else learns that it exists. */
    Optional<Session> find(String id, Principal principal, String endpoint) {
        Optional<Session> found =
                Optional.ofNullable(sessions.get(id)).filter(session -> session.belongsTo(principal, endpoint));
        found.ifPresent(session -> session.used(scheduler.nanoTime()));
        return found;
    }

    void end(Session session) {
        sessions.remove(session.id(), session);
        session.end();
    }

    int count() {
        return sessions.size();
    }

    @Override
    public void beat() {
        long now = scheduler.nanoTime();
        for (Session session : sessions.values()) {
            if (session.idleNanos(now) > LONGEST_IDLE.toNanos()) {
                end(session);
            } else {
                session.beat();
            }
        }
        if (sessions.isEmpty()) {
            pulse.remove(this);
            if (!sessions.isEmpty()) {
                pulse.add(this);
            }
        }
    }

    /** The gateway closes: streams that would stay open for ever end, calls go on. */
    void drain() {
        closed = true;
        sessions.values().forEach(session -> {
            if (session.isCalling()) {
                session.streams().standing().close();
            } else {
                end(session);
            }
        });
    }

    /** The time to drain is over: no call of any session goes on. */
    void cutShort() {
        sessions.values().forEach(Session::cutShort);
    }
}
