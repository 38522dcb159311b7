package io.agenthub.store;

import io.agenthub.api.Promise;
import java.util.ArrayList;
import java.util.List;

/** Who is told what becomes of activities that share it. Confined to one thread at a time. */
final class Receipts {
    private final List<Awaited> awaited;
    private final List<Runnable> onLoss;
    private final List<Gap> gaps;
    private int count;

    /** An activity that somebody waits for, the first of all being 0. */
    private record Awaited(int index, Promise<Long> promise) {}

    Receipts() {
        awaited = new ArrayList<>();
        onLoss = new ArrayList<>();
        gaps = new ArrayList<>();
    }

    private Receipts(Receipts other) {
        awaited = new ArrayList<>(other.awaited);
        onLoss = new ArrayList<>(other.onLoss);
        gaps = new ArrayList<>(other.gaps);
        count = other.count;
    }

    /** The same, for another thread. */
    Receipts copy() {
        return new Receipts(this);
    }

    void add(Pending pending) {
        Promise<Long> promise = pending.promise();
        if (promise != null) {
            awaited.add(new Awaited(count, promise));
        }
        Runnable loss = pending.onLoss();
        if (loss != null) {
            onLoss.add(loss);
        }
        Gap gap = pending.gap();
        if (gap != null) {
            gaps.add(gap);
        }
        count++;
    }

    void clear() {
        awaited.clear();
        onLoss.clear();
        gaps.clear();
        count = 0;
    }

    /** How many there are of what was added. */
    int count() {
        return count;
    }

    boolean isAwaited() {
        return !awaited.isEmpty();
    }

    /** The losses that some of them stand for. */
    List<Gap> gaps() {
        return gaps;
    }

    /**
     * They are kept.
     *
     * @param first the sequence of the first
     */
    void written(long first) {
        for (Awaited each : awaited) {
            each.promise.succeed(first + each.index);
        }
    }

    /** They are not. */
    void lost(Throwable cause) {
        for (Awaited each : awaited) {
            each.promise.fail(cause);
        }
        onLoss.forEach(Runnable::run);
    }
}
