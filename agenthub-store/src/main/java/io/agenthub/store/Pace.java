package io.agenthub.store;

import java.time.Duration;

/**
 * When the next commit is due: an interval after the last one, and later where commits take long, because the disk is slow or others
 * want the processor, and later still where nobody waits for it. Then fewer of them carry more. Confined to the writer thread.
 */
final class Pace {
    /** For one part of its time that it commits, the writer rests so many. */
    private static final int REST = 4;

    private static final long LONGEST_REST_NANOS = Duration.ofMillis(25).toNanos();

    private final long intervalNanos;
    private final long lingerNanos;
    private long committedAt;
    private long commitNanos;

    Pace(Duration interval, Duration linger) {
        intervalNanos = interval.toNanos();
        lingerNanos = linger.toNanos();
        committedAt = System.nanoTime() - Math.max(intervalNanos, lingerNanos);
    }

    /** A commit that was begun at a time is done. */
    void committed(long begunAt) {
        committedAt = System.nanoTime();
        commitNanos = committedAt - begunAt;
    }

    /**
     * When to commit what waits, by {@link System#nanoTime}.
     *
     * @param awaited whether somebody waits for it
     */
    long dueAt(boolean awaited) {
        long rest = intervalNanos == 0 ? 0 : Math.min(LONGEST_REST_NANOS, REST * commitNanos);
        long least = Math.max(intervalNanos, rest);
        return committedAt + (awaited ? least : Math.max(least, lingerNanos));
    }
}
