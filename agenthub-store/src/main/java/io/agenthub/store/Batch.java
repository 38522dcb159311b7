package io.agenthub.store;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Activities that are written together, in their order. What is kept of them lies side by side in few arrays, which are used again and
 * again: however many wait for the next commit, no collection has to copy them, and the writer reads them in a row. Confined to the
 * writer thread.
 */
final class Batch {
    private static final Logger LOG = LoggerFactory.getLogger(Batch.class);
    /** More would make those who wait for one of them wait longer than it makes a commit cheaper. */
    static final int MOST = 4_096;

    /** So many are taken out of the queue at a time, few because what waits there is copied by a collection, */
    static final int STEP = 128;

    /** or bodies of so much; what this much is kept of is enough, and a buffer that became larger is not held on to. */
    private static final int MOST_BYTES = 1_024 * 1_024;

    private static final int USUAL = 1_024;

    private final PendingQueue queue;
    private final Preparation preparation;
    private Receipts receipts = new Receipts();
    private Receipts unfit = new Receipts();
    private @Nullable Throwable whyUnfit;
    private final List<Shape> shapes = new ArrayList<>(USUAL);
    private long[] micros = new long[USUAL];
    /** What each has for itself, and where it ends. */
    private Bytes own = new Bytes(64 * USUAL);

    private int[] ends = new int[USUAL];

    Batch(PendingQueue queue, Preparation preparation) {
        this.queue = queue;
        this.preparation = preparation;
    }

    /** Takes some of what waits out of the queue. Returns whether there was any. */
    boolean take() {
        List<Pending> taken = queue.take(Math.min(STEP, MOST - taken()), MOST_BYTES);
        int added = 0;
        try {
            while (added < taken.size()) {
                add(taken.get(added));
                added++;
            }
        } finally {
            // Were there an error, nobody else would know of the others.
            taken.subList(added, taken.size()).forEach(unfit::add);
            queue.prepared(taken);
        }
        return !taken.isEmpty();
    }

    /** Takes what waits out of the queue until the batch is full; if nothing does, what was lost. */
    void fill() {
        if (taken() == 0) {
            queue.addLoss();
        }
        boolean more = true;
        while (more && !isFull()) {
            more = take();
        }
    }

    boolean isFull() {
        return taken() >= MOST || own.length() >= MOST_BYTES;
    }

    private void add(Pending pending) {
        int begin = own.length();
        Shape shape;
        try {
            shape = pending.pack(preparation, own);
        } catch (RuntimeException | Error e) {
            // A pattern of the redaction can do anything, a long body may find no room; the others have nothing to do
            // with it.
            own.cut(begin);
            unfit.add(pending);
            whyUnfit = e;
            return;
        }
        int index = size();
        if (index == ends.length) {
            ends = Arrays.copyOf(ends, 2 * index);
            micros = Arrays.copyOf(micros, 2 * index);
        }
        ends[index] = own.length();
        micros[index] = pending.micros();
        shapes.add(shape);
        receipts.add(pending);
    }

    /** How many are to be written. */
    int size() {
        return shapes.size();
    }

    boolean isEmpty() {
        return shapes.isEmpty();
    }

    /** How many were taken out of the queue, be they fit to be written or not. */
    int taken() {
        return size() + unfit.count();
    }

    /** Whether somebody waits for what becomes of them. */
    boolean isAwaited() {
        return receipts.isAwaited() || unfit.count() > 0;
    }

    /** What is kept of them, until the batch is settled. */
    List<Entry> entries() {
        return new AbstractList<>() {
            @Override
            public Entry get(int index) {
                int from = index == 0 ? 0 : ends[index - 1];
                return own.entry(shapes.get(index), micros[index], from, ends[index]);
            }

            @Override
            public int size() {
                return Batch.this.size();
            }
        };
    }

    /** Empties the batch, but for those that could not be prepared. Returns who is to be told, once. */
    Receipts settle() {
        Receipts told = receipts;
        receipts = new Receipts();
        shapes.clear();
        if (own.length() > MOST_BYTES) {
            own = new Bytes(64 * USUAL);
        }
        own.clear();
        return told;
    }

    /** Lets go of those that could not be prepared. Returns who is to be told, once. */
    Receipts settleUnfit() {
        Receipts told = unfit;
        if (told.count() > 0) {
            LOG.atWarn()
                    .addKeyValue("lost", told.count())
                    .setCause(whyUnfit)
                    .log("Activities cannot be prepared for the activity store");
            unfit = new Receipts();
            whyUnfit = null;
        }
        return told;
    }
}
