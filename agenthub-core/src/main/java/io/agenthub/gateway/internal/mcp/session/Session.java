package io.agenthub.gateway.internal.mcp.session;

import io.agenthub.api.Promise;
import io.agenthub.api.bridge.ClientProfile;
import io.agenthub.api.hub.CallOptions;
import io.agenthub.api.hub.Hub;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.api.rpc.RpcResponse;
import io.agenthub.gateway.internal.mcp.upstream.Upstream;
import io.agenthub.gateway.internal.mcp.wire.LogLevel;
import io.agenthub.gateway.internal.mcp.wire.Principal;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One client's session with one endpoint. Thread-safe. */
final class Session {
    private static final Set<String> ANNOUNCEMENTS = Set.of(
            "notifications/tools/list_changed",
            "notifications/prompts/list_changed",
            "notifications/resources/list_changed");
    /** What a client hears of that did not say from which level on it wants messages. */
    private static final String UNASKED = "info";

    private static final int MOST_QUESTIONS = 64;
    private static final int MOST_WATCHED = 1_000;

    private final String id;
    private final String label;
    private final Principal owner;
    private final Upstream upstream;
    private final Client client;
    private final Streams streams;
    private final Map<JsonText, SessionCall> calls = new ConcurrentHashMap<>();
    private final Map<JsonText, Promise<RpcOutcome>> questions = new ConcurrentHashMap<>();
    /** The resources it watches; false while the server is still being asked to. */
    private final Map<String, Boolean> watched = new ConcurrentHashMap<>();

    private final AtomicLong asked = new AtomicLong();
    private volatile @Nullable String logLevel;
    private volatile CallOptions options;
    private volatile long lastUsed;
    private volatile boolean ended;
    private volatile boolean cutShort;
    private Hub.@Nullable Registration registration;

    /**
     * Begins a session.
     *
     * @param id the secret that names it to its client
     * @param label names it in records
     * @param owner who may use it
     * @param upstream what it is a session with
     * @param client what its client said of itself
     * @param streams its streams
     */
    Session(String id, String label, Principal owner, Upstream upstream, Client client, Streams streams) {
        this.id = id;
        this.label = label;
        this.owner = owner;
        this.upstream = upstream;
        this.client = client;
        this.streams = streams;
        this.options = CallOptions.builder()
                .client(client.name().orElse(null))
                .profile(profile(client, UNASKED))
                .session(label)
                .executor(Runnable::run)
                .build();
        registration = upstream.listen(this::announced);
    }

    String id() {
        return id;
    }

    String label() {
        return label;
    }

    Upstream upstream() {
        return upstream;
    }

    Client client() {
        return client;
    }

    Streams streams() {
        return streams;
    }

    boolean belongsTo(Principal principal, String endpoint) {
        return owner.equals(principal) && upstream.name().equals(endpoint);
    }

    /** What all its calls have in common; they end on the thread on which their answers arrive. */
    CallOptions options() {
        return options;
    }

    /** What the server may know of the client. A stateless server logs nothing for a call that names no level. */
    private static ClientProfile profile(Client client, String level) {
        return new ClientProfile(client.capabilities(), client.info(), Optional.of(level), false);
    }

    /** Two at once leave one level, not half of each. */
    synchronized void logLevel(String level) {
        logLevel = level;
        options = options.withProfile(profile(client, level));
    }

    boolean wants(RpcNotification message) {
        String least = logLevel;
        return least == null || LogLevel.reaches(message, least);
    }

    // ---- Being alive.

    void used(long now) {
        lastUsed = now;
    }

    /** How long nothing happened; zero while a call runs or a client listens. */
    long idleNanos(long now) {
        return calls.isEmpty() && !streams.isListenedTo() ? now - lastUsed : 0;
    }

    /** A second has passed, for the calls that wait. */
    void beat() {
        calls.values().forEach(SessionCall::beat);
    }

    boolean isCalling() {
        return !calls.isEmpty();
    }

    /** Ends everything that belongs to it. Idempotent. */
    void end() {
        Hub.Registration listening;
        Map<String, Boolean> watching;
        synchronized (this) {
            ended = true;
            listening = registration;
            registration = null;
            watching = Map.copyOf(watched);
            watched.clear();
        }
        if (listening != null) {
            listening.end();
            calls.values().forEach(SessionCall::cancel);
            streams.close();
            upstream.endSession(label);
            watching.forEach((uri, confirmed) -> {
                if (confirmed) {
                    release(uri);
                }
            });
        }
    }

    // ---- Calls of the client.

    /** Takes a call in, unless its id is in use. */
    boolean enter(JsonText requestId, SessionCall call) {
        return calls.putIfAbsent(requestId, call) == null;
    }

    void leave(JsonText requestId, SessionCall call) {
        calls.remove(requestId, call);
    }

    void cancel(JsonText requestId) {
        SessionCall call = calls.get(requestId);
        if (call != null) {
            call.cancel();
        }
    }

    /** Answers all calls, those of clients that are gone included, and every one that comes later. */
    void cutShort() {
        cutShort = true;
        calls.values().forEach(SessionCall::cutShort);
    }

    boolean isCutShort() {
        return cutShort;
    }

    boolean isWatching(String uri) {
        return watched.containsKey(uri);
    }

    /** The server is about to be asked; not again if it was, and not beyond the bound. */
    boolean watch(String uri) {
        return watched.size() < MOST_WATCHED && watched.putIfAbsent(uri, false) == null;
    }

    /** The server has agreed. Whoever went away or changed their mind meanwhile watches nothing. */
    void watches(String uri) {
        boolean wanted;
        synchronized (this) {
            wanted = !ended && watched.replace(uri, true) != null;
        }
        if (!wanted) {
            release(uri);
        }
    }

    private void release(String uri) {
        upstream.release(uri, Optional.of(label));
    }

    /** Whether the server is to be told. */
    synchronized boolean unwatch(String uri) {
        return Boolean.TRUE.equals(watched.remove(uri));
    }

    // ---- Questions to the client.

    /**
     * Keeps a question open.
     *
     * @param answer completed by the client's answer
     * @return the id to ask it with, or empty if too many are open
     */
    Optional<JsonText> open(Promise<RpcOutcome> answer) {
        if (questions.size() >= MOST_QUESTIONS || ended) {
            return Optional.empty();
        }
        JsonText questionId = JsonText.of(Long.toString(asked.incrementAndGet()));
        questions.put(questionId, answer);
        answer.whenComplete((outcome, failure) -> questions.remove(questionId, answer));
        return Optional.of(questionId);
    }

    /** The client's answer; one that was not asked for is dropped. */
    void answered(RpcResponse response) {
        Promise<RpcOutcome> answer = response.id() == null ? null : questions.remove(response.id());
        if (answer != null) {
            answer.succeed(response.outcome());
        }
    }

    // ---- What is announced outside any call.

    private void announced(RpcNotification notification) {
        if (concerns(notification)) {
            streams.standing().send(notification.toJson());
        }
    }

    private boolean concerns(RpcNotification notification) {
        if (notification.method().equals("notifications/resources/updated")) {
            return Optional.ofNullable(notification.params())
                    .flatMap(params -> params.member("uri"))
                    .flatMap(JsonText::string)
                    .filter(watched::containsKey)
                    .isPresent();
        }
        if (notification.method().equals(LogLevel.METHOD)) {
            // A message that belongs to no call goes to those who asked for messages.
            return logLevel != null && wants(notification);
        }
        return ANNOUNCEMENTS.contains(notification.method());
    }

    /** Without the id, which is a secret. */
    @Override
    public String toString() {
        return label;
    }
}
