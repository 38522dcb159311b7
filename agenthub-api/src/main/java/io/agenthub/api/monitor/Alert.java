package io.agenthub.api.monitor;

import java.time.Instant;
import java.util.Locale;
import java.util.Objects;

/**
 * A limit that is passed. Raised when two looks in a row see the value above its limit, five for a lag; cleared when three in a row
 * see it at or below 80 % of it.
 *
 * @param kind what is watched
 * @param subject which one of them: the name of a loop, or {@code hub}
 * @param value what was seen last, in the unit of its kind
 * @param limit what it should not exceed, in the same unit
 * @param since when it was raised
 */
public record Alert(Kind kind, String subject, double value, double limit, Instant since) {

    /** What is watched. */
    public enum Kind {
        /** How late a loop runs its tasks, in seconds; default limit 0.1. */
        LOOP_LAG,
        /** Calls in flight, as a number; default limit 1,000. */
        PENDING_CALLS,
        /** CPU time that a loop's thread takes for each second of wall time, 0 to 1, over a second; default limit 0.5. */
        LOOP_CPU
    }

    /** Checks. */
    public Alert {
        Objects.requireNonNull(kind);
        Objects.requireNonNull(subject);
        Objects.requireNonNull(since);
    }

    /**
     * The alert in words.
     *
     * @return one line, such as {@code LOOP_LAG of agenthub-io-1: 0.312 over 0.100}
     */
    public String describe() {
        return String.format(Locale.ROOT, "%s of %s: %.3f over %.3f", kind, subject, value, limit);
    }
}
