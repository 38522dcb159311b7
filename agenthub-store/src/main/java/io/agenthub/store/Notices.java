package io.agenthub.store;

import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Settles what was taken out of the queue: makes room in it, and tells whoever waits what became of activities, a whole batch with one
 * hand-over. Thread-safe; receipts are handed over with what they are for.
 */
final class Notices {
    private static final Logger LOG = LoggerFactory.getLogger(Notices.class);

    private final PendingQueue queue;
    private final Executor executor;

    Notices(PendingQueue queue, Executor executor) {
        this.queue = queue;
        this.executor = executor;
    }

    /**
     * They are kept.
     *
     * @param first the sequence of the first
     */
    void written(Receipts receipts, long first) {
        queue.done(receipts.count());
        if (receipts.isAwaited()) {
            handOver(() -> receipts.written(first));
        }
    }

    /**
     * They are lost, if there are any.
     *
     * @param reason what is said of it in the record
     */
    void lost(Receipts receipts, String reason, Throwable cause) {
        if (receipts.count() > 0) {
            queue.giveUp(receipts, reason);
            handOver(() -> receipts.lost(cause));
        }
    }

    private void handOver(Runnable completions) {
        try {
            executor.execute(completions);
        } catch (RuntimeException | Error e) {
            // It was refused, or there is no thread for it; that must not cost the writer, nor them their answer.
            LOG.atDebug().setCause(e).log("The executor of the activity store refused to complete stages");
            completeElsewhere(completions);
        }
    }

    private static void completeElsewhere(Runnable completions) {
        try {
            Thread last = new Thread(completions, "agenthub-store-rejected");
            last.setDaemon(true);
            last.start();
        } catch (OutOfMemoryError e) {
            completions.run();
        }
    }
}
