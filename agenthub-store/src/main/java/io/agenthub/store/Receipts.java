package io.agenthub.store;

import io.agenthub.api.Promise;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who is told what becomes of activities that share it. Confined to one thread at a time. */
final class Receipts {
    private static final Logger LOG = LoggerFactory.getLogger(Receipts.class);

    private final List<Awaited> awaited = new ArrayList<>();
    private final List<Runnable> onLoss = new ArrayList<>();
    private final List<Gap> gaps = new ArrayList<>();
    private int count;

    /** An activity that somebody waits for, the first of all being 0. */
    private record Awaited(int index, Promise<Long> promise) {}

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
        for (Runnable each : onLoss) {
            try {
                each.run();
            } catch (RuntimeException | Error e) {
                LOG.atWarn().setCause(e).log("Whoever was told of a lost activity threw");
            }
        }
    }
}
