package io.agenthub.store;

import io.agenthub.api.Promise;
import io.agenthub.api.activity.Activity;
import org.jspecify.annotations.Nullable;

/**
 * An activity on its way to the record, and who is told what becomes of it.
 *
 * <p>Thousands wait at a time, and each collection copies all of them, so one that waits is as few objects as it can be.
 */
abstract class Pending {
    private final @Nullable Promise<Long> promise;
    private final @Nullable Runnable onLoss;
    /** Its neighbour in the queue, to which this belongs. */
    @Nullable
    Pending next;

    /**
     * Begins to wait.
     *
     * @param promise of its sequence, or null
     * @param onLoss run if it is lost, or null
     */
    private Pending(@Nullable Promise<Long> promise, @Nullable Runnable onLoss) {
        this.promise = promise;
        this.onLoss = onLoss;
    }

    /** Writes what it has for itself, as it is kept. Returns the rest, its shape. */
    abstract Shape pack(Preparation preparation, Bytes out);

    /** When it ended, as it is kept. */
    abstract long micros();

    /** How much it holds of the queue's allowance for bodies. */
    long bodyBytes() {
        return 0;
    }

    /** The loss it stands for, if it does. */
    @Nullable
    Gap gap() {
        return null;
    }

    @Nullable
    Promise<Long> promise() {
        return promise;
    }

    @Nullable
    Runnable onLoss() {
        return onLoss;
    }

    /** One that is prepared already: the parts of an {@link Entry}. */
    static final class Prepared extends Pending {
        private final Shape shape;
        private final long micros;
        private final byte[] own;

        Prepared(Entry entry, @Nullable Promise<Long> promise, @Nullable Runnable onLoss) {
            super(promise, onLoss);
            shape = entry.shape();
            micros = entry.micros();
            own = entry.own();
        }

        @Override
        Shape pack(Preparation preparation, Bytes out) {
            out.all(own);
            return shape;
        }

        @Override
        long micros() {
            return micros;
        }
    }

    /** One that the writer has to prepare. */
    static final class Unprepared extends Pending {
        private final Activity activity;
        private final long bodyBytes;

        Unprepared(Activity activity, long bodyBytes, @Nullable Promise<Long> promise, @Nullable Runnable onLoss) {
            super(promise, onLoss);
            this.activity = activity;
            this.bodyBytes = bodyBytes;
        }

        @Override
        Shape pack(Preparation preparation, Bytes out) {
            return preparation.pack(activity, out);
        }

        @Override
        long micros() {
            return Entry.micros(activity.at());
        }

        @Override
        long bodyBytes() {
            return bodyBytes;
        }
    }

    /** The loss of others. */
    static final class Loss extends Pending {
        private final Gap gap;

        Loss(Gap gap) {
            super(null, null);
            this.gap = gap;
        }

        @Override
        Shape pack(Preparation preparation, Bytes out) {
            int begin = out.length();
            try {
                return preparation.pack(gap.activity(), out);
            } catch (RuntimeException | StackOverflowError e) {
                // Were it lost, it would be noted again, and so on; without the text that is taken apart for redaction
                // it cannot be.
                out.cut(begin);
                return preparation.pack(gap.activity().toBuilder().detail(null).build(), out);
            }
        }

        @Override
        long micros() {
            return Entry.micros(gap.until());
        }

        @Override
        Gap gap() {
            return gap;
        }
    }
}
