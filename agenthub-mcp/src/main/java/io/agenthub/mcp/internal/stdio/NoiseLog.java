package io.agenthub.mcp.internal.stdio;

import io.agenthub.api.rpc.MalformedMessageException;
import io.agenthub.mcp.internal.call.Redactor;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells of what a child writes to its output that is no message: the first line of each minute, then how many there were. */
final class NoiseLog {
    private static final Logger log = LoggerFactory.getLogger(NoiseLog.class);
    private static final long WINDOW = TimeUnit.MINUTES.toNanos(1);
    private static final int SHOWN_BYTES = 200;

    private final String server;
    private final Redactor redactor;
    private final LongSupplier clock;
    private long windowStart;
    private long lines;

    NoiseLog(String server, Redactor redactor, LongSupplier clock) {
        this.server = server;
        this.redactor = redactor;
        this.clock = clock;
    }

    void heard(byte[] bytes, int from, int to, MalformedMessageException why) {
        if (firstOfWindow()) {
            String head = new String(bytes, from, Math.min(to - from, SHOWN_BYTES), StandardCharsets.UTF_8);
            log.atWarn()
                    .addKeyValue("server", server)
                    .addKeyValue("line", redactor.redact(head).replaceAll("\\p{Cntrl}", "?"))
                    .addKeyValue("problem", why.getMessage())
                    .log("The server writes something else than MCP messages to its output; it is skipped");
        }
    }

    void request(String method) {
        if (firstOfWindow()) {
            String head = method.substring(0, Math.min(method.length(), SHOWN_BYTES));
            log.atWarn()
                    .addKeyValue("server", server)
                    .addKeyValue("method", redactor.redact(head).replaceAll("\\p{Cntrl}", "?"))
                    .log("The stateless server sends requests, which it must not; they are not answered");
        }
    }

    void tooLong(long bytes) {
        if (firstOfWindow()) {
            log.atWarn()
                    .addKeyValue("server", server)
                    .addKeyValue("bytes", bytes)
                    .log("The server wrote a message longer than maxFrameBytes that answers no call; it is skipped");
        }
    }

    private boolean firstOfWindow() {
        long now = clock.getAsLong();
        lines++;
        if (lines > 1 && now - windowStart < WINDOW) {
            return false;
        }
        if (lines > 1) {
            log.atWarn()
                    .addKeyValue("server", server)
                    .addKeyValue("lines", lines - 1)
                    .log("More of the kind was skipped since the last report");
        }
        windowStart = now;
        lines = 1;
        return true;
    }
}
