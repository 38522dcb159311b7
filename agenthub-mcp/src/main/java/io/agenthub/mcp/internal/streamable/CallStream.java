package io.agenthub.mcp.internal.streamable;

import io.agenthub.api.AgentHubException;
import io.agenthub.api.Scheduler;
import io.agenthub.api.bridge.FrameTooLongException;
import io.agenthub.mcp.internal.http.Exchange;
import io.agenthub.mcp.internal.http.HttpFault;
import io.agenthub.mcp.internal.http.HttpFault.Reason;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How one call gets its answer: the POST, and where that stream broke, what takes it up again. Confined to the loop. */
final class CallStream implements Reply.Owner {
    /*
     *   waiting ──▶ posted ──▶ streaming ──▶ answered
     *                  ▲           │ broken or ended early, and an event id was seen
     *     refused once,│           ▼
     *     session anew │        pausing ──▶ resumed (GET, Last-Event-ID) ──▶ streaming
     *
     * Any state may end in a failure or a withdrawal. The server counts the work of a call as begun from its first byte, so only
     * a refusal of the POST is ever met by sending again, and that once. A refusal to go on with a stream says nothing of the call.
     */
    private static final Duration USUAL_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);
    private static final int MOST_VAIN_RESUMPTIONS = 5;
    private static final Set<Integer> LATER = Set.of(408, 425, 429, 502, 503, 504);

    /** A server should end a stream after the answer, and mostly does so at once. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final Wire wire;
    private final Call call;
    private @Nullable Exchange exchange;
    private Scheduler.@Nullable Task timer;
    private boolean dispatched;
    private boolean counted = true;
    private boolean again;
    private boolean accepted;
    private String lastEventId = "";
    private Duration pause = USUAL_PAUSE;
    private int vain;

    CallStream(Wire wire, Call call) {
        this.wire = wire;
        this.call = call;
    }

    /** Sends the request; one that cannot be put together ends its call and nothing else. */
    void post() {
        try {
            exchange = wire.post(call, this);
        } catch (RuntimeException | Error e) {
            wire.fail(call, e);
        }
    }

    /** The call has its answer: its connection is for others, whether or not the server ends the stream. */
    void answered() {
        Exchange open = exchange;
        if (timer != null) {
            timer.cancel();
        }
        if (open != null && !open.isDone()) {
            timer = wire.later(GRACE, open::cancel);
        }
    }

    /** Whether a byte of the request may have left. */
    boolean dispatched() {
        return dispatched;
    }

    /** Asks for one more attempt after a refusal; granted once. */
    boolean mayTryAgain() {
        boolean first = !again;
        again = true;
        return first;
    }

    /** Stops everything; what is open is closed. */
    void abandon() {
        uncount();
        if (timer != null) {
            timer.cancel();
        }
        if (exchange != null) {
            exchange.cancel();
        }
    }

    private void uncount() {
        if (counted) {
            counted = false;
            wire.written(call);
        }
    }

    @Override
    public boolean sending() {
        uncount();
        dispatched = dispatched || wire.tryDispatch(call);
        return dispatched;
    }

    @Override
    public void accepted(HttpHeaders headers) {
        if (!accepted) {
            accepted = true;
            wire.accepted(call, headers);
        }
    }

    @Override
    public void message(byte[] json) {
        vain = 0;
        wire.message(call, json);
    }

    @Override
    public void lastEventId(String id) {
        vain = 0;
        lastEventId = id;
    }

    @Override
    public void retry(long millis) {
        Duration wanted = Duration.ofMillis(millis);
        pause = wanted.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : wanted;
    }

    @Override
    public void ended() {
        if (!wire.isPending(call)) {
            over();
        } else if (!resume()) {
            wire.fail(call, wire.refusals().unusable("ended its answer to " + call.method + " without a response"));
        }
    }

    @Override
    public void broke(HttpFault fault) {
        boolean closed = fault.reason() == Reason.CLOSED;
        if (wire.isPending(call) && (closed || !resume())) {
            wire.fail(call, wire.refusals().fault(fault, dispatched));
        }
    }

    /** Takes the stream up where it ended, if the server gave it a name. */
    private boolean resume() {
        if (lastEventId.isEmpty() || !wire.isResumable(call) || vain >= MOST_VAIN_RESUMPTIONS) {
            return false;
        }
        vain++;
        timer = wire.later(pause, this::goOn);
        return true;
    }

    private void goOn() {
        if (!wire.isPending(call)) {
            return;
        }
        if (wire.isResumable(call)) {
            exchange = wire.resume(lastEventId, this);
        } else {
            wire.fail(call, wire.refusals().unusable("ended the session before its answer to " + call.method));
        }
    }

    @Override
    public void refused(int status, HttpHeaders headers, byte[] reason) {
        if (!wire.isPending(call)) {
            over();
        } else if (!accepted) {
            wire.refused(call, status, headers, reason);
        } else if (!LATER.contains(status) || !resume()) {
            wire.fail(call, wire.refusals().notResumed(status));
        }
    }

    /** The last stream of a call that has its answer has ended. */
    private void over() {
        if (timer != null) {
            timer.cancel();
        }
    }

    @Override
    public void unusable(String why) {
        end(wire.refusals().unusable(why));
    }

    @Override
    public void tooLong() {
        end(new FrameTooLongException(wire.server(), wire.maxFrameBytes(), true));
    }

    private void end(AgentHubException failure) {
        abandon();
        if (wire.isPending(call)) {
            wire.fail(call, failure);
        }
    }
}
