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
    void written(Receipts receipts, long first) {
        if (receipts.isAwaited()) {
            Receipts copy = receipts.copy();
            handOver(() -> copy.written(first));
        }
    }

    /** They are lost. */
    void lost(Receipts receipts, Throwable cause) {
        Receipts copy = receipts.copy();
        handOver(() -> copy.lost(cause));
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
