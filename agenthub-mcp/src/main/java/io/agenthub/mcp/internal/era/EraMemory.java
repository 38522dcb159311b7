package io.agenthub.mcp.internal.era;

import java.time.Duration;
import java.util.function.LongSupplier;

/** What was found out about the era of one server, kept by its connector from one connection to the next. Thread-safe. */
public final class EraMemory {
    /*
     * The two verdicts go wrong in different ways. A server taken for modern that is not says so at the next handshake. One
     * taken for legacy that has learnt the other era since would be spoken to in the old one for ever, without anybody
     * noticing; so that verdict is believed only for a while.
     */
    /** How long a server that was found to be legacy is not asked again. */
    public static final Duration LEGACY_HOLDS = Duration.ofMinutes(10);

    /** What is known. */
    public enum Verdict {
        /** Nothing, or nothing any more. */
        UNKNOWN,
        /** It speaks with a session. */
        LEGACY,
        /** It is stateless. */
        MODERN
    }

    private final LongSupplier clock;
    private Verdict verdict = Verdict.UNKNOWN;
    private long since;

    /**
     * Knows nothing yet.
     *
     * @param clock as {@link io.agenthub.api.Scheduler#nanoTime()}
     */
    public EraMemory(LongSupplier clock) {
        this.clock = clock;
    }

    /**
     * What is known now.
     *
     * @return the last verdict, unless it is too old to be believed
     */
    public synchronized Verdict verdict() {
        boolean stale = verdict == Verdict.LEGACY && clock.getAsLong() - since > LEGACY_HOLDS.toNanos();
        return stale ? Verdict.UNKNOWN : verdict;
    }

    /**
     * Notes what was found.
     *
     * @param found the verdict; {@link Verdict#UNKNOWN} forgets
     */
    public synchronized void found(Verdict found) {
        verdict = found;
        since = clock.getAsLong();
    }
}
