package io.agenthub.store;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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

    /** What follows from that, unless bodies are kept: so much is enough, and a buffer that became larger is not held on to. */
    private static final int MOST_BYTES = 1_024 * 1_024;

    /** So many are taken out of the queue at a time. */
    static final int STEP = 512;

    private static final int USUAL = 1_024;

    private final Preparation preparation;
    private final Receipts receipts = new Receipts();
    private final Receipts unfit = new Receipts();
    private final List<Shape> shapes = new ArrayList<>(USUAL);
    private long[] micros = new long[USUAL];
    /** What each has for itself, and where it ends. */
    private Bytes own = new Bytes(64 * USUAL);

    private int[] ends = new int[USUAL];

    Batch(Preparation preparation) {
        this.preparation = preparation;
    }

    /** Takes some of what waits out of a queue. Returns whether there was any. */
    boolean take(PendingQueue queue) {
        List<Pending> taken = queue.take(Math.min(STEP, MOST - size()));
        for (Pending pending : taken) {
            add(pending);
        }
        return !taken.isEmpty();
    }

    /** Takes what waits out of a queue until the batch is full; if nothing does, what was lost. */
    void fill(PendingQueue queue) {
        if (isEmpty()) {
            queue.addLoss();
        }
        while (!isFull() && take(queue)) {
            // Further.
        }
    }

    boolean isFull() {
        return size() >= MOST || own.length() >= MOST_BYTES;
    }

    private void add(Pending pending) {
        int begin = own.length();
        Shape shape;
        try {
            shape = pending.pack(preparation, own);
        } catch (RuntimeException | StackOverflowError e) {
            // A pattern of the redaction can do anything; the others have nothing to do with it.
            LOG.atWarn().setCause(e).log("An activity cannot be prepared for the activity store");
            own.cut(begin);
            unfit.add(pending);
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

    int size() {
        return shapes.size();
    }

    boolean isEmpty() {
        return shapes.isEmpty();
    }

    Receipts receipts() {
        return receipts;
    }

    /** Of those that could not be added. */
    Receipts unfit() {
        return unfit;
    }

    /** What is kept of them, until the batch is cleared. */
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

    /** Forgets them. */
    void clear() {
        shapes.clear();
        receipts.clear();
        unfit.clear();
        if (own.length() > MOST_BYTES) {
            own = new Bytes(64 * USUAL);
        }
        own.clear();
    }
}
