package io.agenthub.store;

import java.time.Duration;

/**
 * When the next commit is due: an interval after the last one, and later where commits take long, because the disk is slow or others
 * want the processor. Then fewer of them carry more. Confined to the writer thread.
 */
final class Pace {
    /** For one part of its time that it commits, the writer rests so many. */
    private static final int REST = 4;

    private static final long LONGEST_REST_NANOS = Duration.ofMillis(25).toNanos();

    private final long intervalNanos;
    private long committedAt;
    private long commitNanos;

    Pace(Duration interval) {
        intervalNanos = interval.toNanos();
        committedAt = System.nanoTime() - intervalNanos;
    }

    /** A commit that was begun at a time is done. */
    void committed(long begunAt) {
        committedAt = System.nanoTime();
        commitNanos = committedAt - begunAt;
    }

    /** By {@link System#nanoTime}. */
    long dueAt() {
        long rest = intervalNanos == 0 ? 0 : Math.min(LONGEST_REST_NANOS, REST * commitNanos);
        return committedAt + Math.max(intervalNanos, rest);
    }
}
