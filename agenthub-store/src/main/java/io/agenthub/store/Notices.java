package io.agenthub.store;

import java.util.List;
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
    void written(List<Pending> batch, long first) {
        for (Pending pending : batch) {
            if (pending.isAwaited()) {
                handOver(() -> number(batch, first));
                return;
            }
        }
    }

    private static void number(List<Pending> batch, long first) {
        long sequence = first;
        for (Pending pending : batch) {
            pending.written(sequence++);
        }
    }

    /** They are lost. */
    void lost(List<Pending> batch, Throwable cause) {
        handOver(() -> batch.forEach(pending -> pending.lost(cause)));
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
