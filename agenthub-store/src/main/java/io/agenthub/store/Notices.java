package io.agenthub.store;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** Tells whoever waits what became of activities, a whole batch with one hand-over. Thread-safe. */
final class Notices {
    private final Executor executor;

    Notices(Executor executor) {
        this.executor = executor;
    }

    /**
     * They are kept.
     *
     * @param first the sequence of the first
     */
    void written(Batch batch, long first) {
        if (batch.awaited() > 0) {
            handOver(() -> number(batch, first));
        }
    }

    private static void number(Batch batch, long first) {
        long sequence = first;
        for (Pending pending : batch.activities()) {
            pending.written(sequence++);
        }
    }

    /** They are lost. */
    void lost(Batch batch, Throwable cause) {
        handOver(() -> batch.activities().forEach(pending -> pending.lost(cause)));
    }

    private void handOver(Runnable completions) {
        try {
            executor.execute(completions);
        } catch (RejectedExecutionException e) {
            Thread last = new Thread(completions, "agenthub-store-rejected");
            last.setDaemon(true);
            last.start();
        }
    }
}
