package io.agenthub.mcp.internal.streamable;

import io.agenthub.api.Scheduler;
import io.agenthub.mcp.internal.http.Exchange;
import io.agenthub.mcp.internal.http.HttpFault;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The stream of a session on which a server sends what belongs to no call, kept open for as long as the server wants it. Confined
 * to the loop.
 */
final class EventFeed implements Reply.Owner {
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Set<Integer> LATER = Set.of(408, 425, 429);

    private final Wire wire;
    private final Supplier<Map<String, String>> headers;
    private final Runnable lost;
    private @Nullable Exchange exchange;
    private Scheduler.Task retry = () -> {};
    private Duration pause = FIRST_PAUSE;
    private boolean paceGiven;
    private String lastEventId = "";
    private boolean on;

    /**
     * Creates a closed one.
     *
     * @param lost is told that the server does not know the session
     */
    EventFeed(Wire wire, Supplier<Map<String, String>> headers, Runnable lost) {
        this.wire = wire;
        this.headers = headers;
        this.lost = lost;
    }

    void begin() {
        if (!on && !wire.isEnded()) {
            on = true;
            lastEventId = "";
            open();
        }
    }

    void end() {
        on = false;
        retry.cancel();
        if (exchange != null) {
            exchange.cancel();
        }
    }

    private void open() {
        if (on) {
            exchange = wire.line().listen(lastEventId, headers.get(), this);
        }
    }

    private void again() {
        if (on) {
            retry = wire.later(pause, this::open);
            if (!paceGiven) {
                Duration longer = pause.multipliedBy(2);
                pause = longer.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : longer;
            }
        }
    }

    private void alive() {
        if (!paceGiven) {
            pause = FIRST_PAUSE;
        }
    }

    @Override
    public boolean sending() {
        return true;
    }

    @Override
    public void accepted(HttpHeaders given) {}

    @Override
    public void message(byte[] json) {
        alive();
        if (on) {
            wire.message(null, json);
        }
    }

    @Override
    public void lastEventId(String id) {
        alive();
        lastEventId = id;
    }

    @Override
    public void retry(long millis) {
        Duration wanted = Duration.ofMillis(Math.max(millis, 10));
        pause = wanted.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : wanted;
        paceGiven = true;
    }

    @Override
    public void ended() {
        again();
    }

    @Override
    public void refused(int status, HttpHeaders given, byte[] reason) {
        if (on && status == 404 && headers.get().containsKey("Mcp-Session-Id")) {
            lost.run();
        } else if ((status >= 500 && status != 501) || LATER.contains(status)) {
            again();
        } else {
            // The server has no such stream, which it need not have.
            on = false;
        }
    }

    @Override
    public void unusable(String why) {
        end();
    }

    @Override
    public void tooLong() {
        // One event is passed over; the stream goes on.
    }

    @Override
    public void broke(HttpFault fault) {
        again();
    }
}
