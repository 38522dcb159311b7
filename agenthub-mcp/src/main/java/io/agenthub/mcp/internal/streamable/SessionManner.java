package io.agenthub.mcp.internal.streamable;

import io.agenthub.api.Scheduler;
import io.agenthub.api.bridge.BridgeClosedException;
import io.agenthub.api.bridge.BridgeExit;
import io.agenthub.api.bridge.ServerInfo;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.mcp.internal.era.Handshake;
import io.agenthub.mcp.internal.era.RefusedException;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The revisions with a session: {@code initialize}, {@code Mcp-Session-Id}, a stream of its own for what no call asked for. */
final class SessionManner implements Manner {
    /*
     *   NEW ── initialize ──▶ OPEN ── 404 with our id ──▶ RENEWING ── the same server answers ──▶ OPEN
     *                                                         └────── anything else ──▶ the bridge ends
     *
     * While a session is renewed, calls wait. Those that were refused with the old id are posted again, once each: a server that
     * does not know the session has not looked at them.
     */
    private static final String SESSION_ID = "Mcp-Session-Id";
    private static final int LONGEST_ID = 1_024;
    private static final int MOST_WITHDRAWN = 32;
    private static final Duration LATE = Duration.ofSeconds(10);
    private static final Duration GOODBYE = Duration.ofSeconds(2);

    private final Wire wire;
    private final JsonText offer;
    private final Duration timeout;
    private final EventFeed feed;
    private final List<Call> waiting = new ArrayList<>();
    private final Deque<Call> withdrawn = new ArrayDeque<>();
    private String sessionId = "";
    private String revision = "";
    private boolean renewing;
    private @Nullable ServerInfo agreed;

    /** The session that a call was posted in. */
    private final Map<Long, String> postedIn = new LinkedHashMap<>();

    SessionManner(Wire wire, JsonText offer, Duration timeout) {
        this.wire = wire;
        this.offer = offer;
        this.timeout = timeout;
        this.feed = new EventFeed(wire, this::headers, this::lost);
    }

    /** The first message of a session. */
    CompletionStage<RpcOutcome> initialize() {
        sessionId = "";
        revision = "";
        return wire.ask(Handshake.METHOD, offer);
    }

    /** The server has agreed. */
    void established(ServerInfo info) {
        agreed = info;
        revision = info.protocolVersion();
        JsonText done = new RpcNotification(Handshake.DONE, null).toJson();
        wire.line().announce(done, this::headers, feed::begin);
    }

    @Override
    public void begin(Call call, Runnable post) {
        if (renewing && !call.method.equals(Handshake.METHOD)) {
            waiting.add(call);
        } else {
            post.run();
        }
    }

    @Override
    public Map<String, String> headers(Call call) {
        postedIn.keySet().removeIf(id -> !wire.isPending(id));
        postedIn.put(call.id, sessionId);
        return headers();
    }

    @Override
    public Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        if (!sessionId.isEmpty()) {
            headers.put(SESSION_ID, sessionId);
        }
        if (!revision.isEmpty()) {
            headers.put("MCP-Protocol-Version", revision);
        }
        return headers;
    }

    @Override
    public void accepted(Call call, HttpHeaders headers) {
        if (call.method.equals(Handshake.METHOD)) {
            String id = headers.get(SESSION_ID, "");
            boolean valid = id.length() <= LONGEST_ID && id.chars().allMatch(c -> c > ' ' && c <= '~');
            if (valid) {
                sessionId = id;
                postedIn.put(call.id, id);
            } else {
                wire.fail(call, wire.refusals().unusable("gave a session id that cannot stand in a header"));
            }
        }
    }

    @Override
    public boolean refused(Call call, int status, @Nullable RpcError error) {
        String old = postedIn.getOrDefault(call.id, "");
        boolean lost = status == 404 && !old.isEmpty() && !call.method.equals(Handshake.METHOD);
        if (!lost || !call.stream.mayTryAgain()) {
            return false;
        }
        if (old.equals(sessionId)) {
            lost();
        }
        begin(call, call.stream::post);
        return true;
    }

    /** The server does not know our session any more. */
    private void lost() {
        if (renewing || wire.isEnded()) {
            return;
        }
        renewing = true;
        feed.end();
        CompletionStage<RpcOutcome> answer = initialize();
        Scheduler.Task timer =
                wire.later(timeout, () -> answer.toCompletableFuture().cancel(true));
        answer.whenComplete((outcome, failure) -> wire.onLoop(() -> {
            timer.cancel();
            renewed(outcome, failure);
        }));
    }

    private void renewed(@Nullable RpcOutcome outcome, @Nullable Throwable failure) {
        String problem = failure == null ? "" : String.valueOf(failure.getMessage());
        if (outcome != null) {
            try {
                ServerInfo info = Handshake.accept(outcome);
                problem = sameAsBefore(info) ? "" : "it is another one now";
                if (problem.isEmpty()) {
                    renewing = false;
                    established(info);
                    goOn();
                    return;
                }
            } catch (RefusedException e) {
                problem = "it " + e.getMessage();
            }
        }
        giveUp("the server ended the session, and there is no new one: " + problem);
    }

    private void goOn() {
        List<Call> calls = List.copyOf(waiting);
        waiting.clear();
        for (Call call : calls) {
            wire.line().afterAnnouncements(() -> {
                if (wire.isPending(call)) {
                    call.stream.post();
                }
            });
        }
    }

    private boolean sameAsBefore(ServerInfo info) {
        return agreed != null
                && info.protocolVersion().equals(agreed.protocolVersion())
                && info.name().equals(agreed.name())
                && info.version().equals(agreed.version())
                && info.capabilities().equals(agreed.capabilities());
    }

    /** The calls that wait were refused or never sent, so they end as such before the rest ends. */
    private void giveUp(String why) {
        BridgeExit exit = BridgeExit.of(BridgeExit.Cause.EXITED, why);
        wire.fail(List.copyOf(waiting), new BridgeClosedException(wire.server(), exit, false));
        wire.end(exit);
    }

    @Override
    public RpcOutcome answered(Call call, RpcOutcome outcome) {
        return outcome;
    }

    /** Closing a stream means nothing here; the answer may still come, and then frees the connection. */
    @Override
    public void withdrawn(Call call) {
        wire.line().aside(cancelled(call.id));
        withdrawn.add(call);
        if (withdrawn.size() > MOST_WITHDRAWN) {
            withdrawn.remove().stream.abandon();
        }
        wire.later(LATE, () -> {
            if (withdrawn.remove(call)) {
                call.stream.abandon();
            }
        });
    }

    private static JsonText cancelled(long id) {
        return new RpcNotification(
                        "notifications/cancelled",
                        JsonText.ofValue(Map.of("requestId", id, "reason", "withdrawn by the caller")))
                .toJson();
    }

    @Override
    public boolean hasSession() {
        return true;
    }

    /** A new session knows nothing of the streams of the one before. */
    @Override
    public boolean isResumable(Call call) {
        return sessionId.equals(postedIn.get(call.id));
    }

    @Override
    public void close(Runnable done) {
        feed.end();
        waiting.clear();
        withdrawn.forEach(call -> call.stream.abandon());
        if (sessionId.isEmpty()) {
            done.run();
        } else {
            wire.line().delete(headers(), GOODBYE, done);
        }
    }
}
