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
    private static final int USUAL = 1_024;
    /** A buffer that became larger, as it does where bodies are kept, is not held on to. */
    private static final int LARGE_BYTES = 1_024 * 1_024;

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

    void add(List<Pending> taken) {
        for (Pending pending : taken) {
            add(pending);
        }
    }

    private void add(Pending pending) {
        Entry entry;
        try {
            entry = pending.prepared(preparation);
        } catch (RuntimeException | StackOverflowError e) {
            // A pattern of the redaction can do anything; the others have nothing to do with it.
            LOG.atWarn().setCause(e).log("An activity cannot be prepared for the activity store");
            unfit.add(pending);
            return;
        }
        int index = size();
        if (index == ends.length) {
            ends = Arrays.copyOf(ends, 2 * index);
            micros = Arrays.copyOf(micros, 2 * index);
        }
        entry.addOwn(own);
        ends[index] = own.length();
        micros[index] = entry.micros();
        shapes.add(entry.shape());
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
        if (own.length() > LARGE_BYTES) {
            own = new Bytes(64 * USUAL);
        }
        own.clear();
    }
}
