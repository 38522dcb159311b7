package io.agenthub.bench.store;

import io.agenthub.api.activity.Activity;
import io.agenthub.api.activity.Activity.Kind;
import java.time.Instant;
import java.util.SplittableRandom;

/** Calls as a busy gateway sees them: 8 servers, 5 clients, 40 tools, one in twenty fails, and a few say why. */
final class Calls {
    private final SplittableRandom random = new SplittableRandom(42);
    private final Instant begin;
    private final long stepMicros;
    private long made;

    /**
     * Creates a source.
     *
     * @param begin when the first call ended
     * @param stepMicros the time between two calls
     */
    Calls(Instant begin, long stepMicros) {
        this.begin = begin;
        this.stepMicros = stepMicros;
    }

    Activity next() {
        long number = made++;
        int server = random.nextInt(8);
        int end = random.nextInt(100);
        Activity.Builder call = Activity.builder(Kind.CALL, begin.plusNanos(number * stepMicros * 1_000))
                .client("client-" + random.nextInt(5))
                .peer("127.0.0.1")
                .server("server-" + server)
                .method(end % 3 == 0 ? "tools/list" : "tools/call")
                .era(end % 2 == 0 ? "modern" : "legacy")
                .httpStatus(end < 3 ? 504 : 200)
                .outcome(end < 3 ? "DEADLINE" : end < 5 ? Activity.ERROR : Activity.OK)
                .durationNanos((long) Math.exp(10 + random.nextDouble() * 10))
                .bytes(random.nextInt(2_000), random.nextInt(20_000))
                .requestId(String.valueOf(number / 5));
        if (end % 3 != 0) {
            call.tool("tool-" + server + "-" + random.nextInt(5));
        }
        if (end < 3) {
            call.detail("No answer from server-" + server + " within 30000 ms");
        }
        return call.build();
    }
}
