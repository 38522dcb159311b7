package io.agenthub.store;

import io.agenthub.api.Promise;
import io.agenthub.api.activity.Activity;
import org.jspecify.annotations.Nullable;

/** An activity on its way to the record. */
final class Pending {
    private final @Nullable Activity activity;
    private final @Nullable Entry entry;
    private final @Nullable Promise<Long> promise;
    private final @Nullable Runnable onLoss;
    private final long bodyBytes;
    private final @Nullable Gap gap;

    private Pending(
            @Nullable Activity activity,
            @Nullable Entry entry,
            @Nullable Promise<Long> promise,
            @Nullable Runnable onLoss,
            long bodyBytes,
            @Nullable Gap gap) {
        this.activity = activity;
        this.entry = entry;
        this.promise = promise;
        this.onLoss = onLoss;
        this.bodyBytes = bodyBytes;
        this.gap = gap;
    }

    /** One that is prepared already. */
    static Pending of(Entry entry, Receipt receipt) {
        return new Pending(null, entry, receipt.promise(), receipt.onLoss(), 0, null);
    }

    /**
     * One that the writer has to prepare.
     *
     * @param bodyBytes how much it holds of the queue's allowance for bodies
     */
    static Pending of(Activity activity, Receipt receipt, long bodyBytes) {
        return new Pending(activity, null, receipt.promise(), receipt.onLoss(), bodyBytes, null);
    }

    /** The loss of others. */
    static Pending of(Gap gap) {
        return new Pending(gap.activity(), null, null, null, 0, gap);
    }

    /**
     * Who is told what becomes of an activity.
     *
     * @param promise of its sequence, or null
     * @param onLoss run if it is lost, or null
     */
    record Receipt(
            @Nullable Promise<Long> promise, @Nullable Runnable onLoss) {
        static Receipt of(Promise<Long> promise) {
            return new Receipt(promise, null);
        }

        static Receipt of(Runnable onLoss) {
            return new Receipt(null, onLoss);
        }
    }

    Entry prepared(Preparation preparation) {
        return activity == null ? known(entry) : preparation.entry(activity);
    }

    private static Entry known(@Nullable Entry entry) {
        if (entry == null) {
            throw new IllegalStateException("neither prepared nor to be prepared");
        }
        return entry;
    }

    long bodyBytes() {
        return bodyBytes;
    }

    /** The loss it stands for, if it does. */
    @Nullable
    Gap gap() {
        return gap;
    }

    boolean isAwaited() {
        return promise != null;
    }

    void written(long sequence) {
        if (promise != null) {
            promise.succeed(sequence);
        }
    }

    void lost(Throwable cause) {
        if (promise != null) {
            promise.fail(cause);
        }
        if (onLoss != null) {
            onLoss.run();
        }
    }
}
