package io.agenthub.store;

import io.agenthub.api.BusyException;
import io.agenthub.api.activity.Activity;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.store.Pending.Receipt;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be written: bounded in number, and in bytes of bodies. Any thread adds without blocking, the writer takes.
 *
 * <p>What does not fit is counted, and the count becomes an activity of its own as soon as there is room, in the place where
 * the others would have stood.
 */
final class PendingQueue {
    /** Beyond it activities go on without their bodies, and their requests are not recognised. */
    private static final long MAX_BODY_BYTES = 32L * 1_024 * 1_024;

    /**
     * Beyond it whoever appends an activity prepares it, if that does not take long: bodies that wait for long grow old, and what
     * is old is expensive to collect.
     */
    private static final long MANY_BODY_BYTES = 256L * 1_024;

    private final ConcurrentLinkedQueue<Pending> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();
    private final AtomicInteger awaited = new AtomicInteger();
    private final AtomicLong bodyBytes = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final int capacity;
    private final boolean keepsBodies;
    private final Preparation preparation;
    private final Supplier<Instant> clock;

    private final Object gapLock = new Object();
    /** Guarded by gapLock to write; read without it, which may miss a loss that is just being noted. */
    private volatile @Nullable Gap gap;

    PendingQueue(StoreOptions options, Preparation preparation, Supplier<Instant> clock) {
        this.capacity = options.maxQueued();
        this.keepsBodies = options.bodies();
        this.preparation = preparation;
        this.clock = clock;
    }

    /** Adds an activity, or counts it as lost. Returns whether it was added. */
    boolean add(Activity activity, Receipt receipt) {
        if (size.incrementAndGet() > capacity) {
            size.decrementAndGet();
            lost(1, "the queue of " + capacity + " was full");
            return false;
        }
        if (gap != null) {
            addGap();
        }
        Pending pending = preparation.isQuick(activity, bodyBytes.get() >= MANY_BODY_BYTES)
                ? Pending.of(preparation.entry(activity), receipt)
                : unprepared(activity, receipt);
        if (pending.isAwaited()) {
            awaited.incrementAndGet();
        }
        queue.add(pending);
        return true;
    }

    /** Why nothing more is added. */
    BusyException full() {
        return new BusyException(null, "maxQueued", capacity);
    }

    private Pending unprepared(Activity activity, Receipt receipt) {
        if (activity.request().isEmpty() && activity.response().isEmpty()) {
            return Pending.of(activity, receipt, 0);
        }
        // The request is recognised later, by the writer, whether or not any of it is kept.
        Activity waiting = keepsBodies || activity.response().isEmpty()
                ? activity
                : activity.toBuilder().response(null).build();
        long bytes = length(waiting.request()) + length(waiting.response());
        if (bodyBytes.addAndGet(bytes) <= MAX_BODY_BYTES) {
            return Pending.of(waiting, receipt, bytes);
        }
        bodyBytes.addAndGet(-bytes);
        return Pending.of(activity.toBuilder().request(null).response(null).build(), receipt, 0);
    }

    private static long length(Optional<JsonText> body) {
        return body.isPresent() ? body.get().length() : 0;
    }

    private void lost(long count, String reason) {
        dropped.addAndGet(count);
        note(count, reason);
    }

    /** Notes something that makes a gap, whatever it cost. */
    void note(long count, String reason) {
        Instant now = clock.get();
        note(new Gap(count, now, now, reason));
    }

    private void note(Gap noted) {
        synchronized (gapLock) {
            gap = noted.and(gap);
        }
    }

    private void addGap() {
        synchronized (gapLock) {
            Gap noted = gap;
            if (noted != null) {
                size.incrementAndGet();
                queue.add(Pending.of(noted));
                // Only now, so that nobody who sees no gap comes before this one.
                gap = null;
            }
        }
    }

    /** Gives up what was taken: all of it is lost, and of the losses in it nothing is forgotten. */
    long giveUp(List<Pending> taken, String reason) {
        done(taken);
        long lost = 0;
        for (Pending pending : taken) {
            if (pending.gap() == null) {
                lost++;
            } else {
                note(pending.gap());
            }
        }
        if (lost > 0) {
            lost(lost, reason);
        }
        return lost;
    }

    /** Takes what waits, in order, at most so many; what was lost comes last, if nothing came after it. */
    List<Pending> take(int most) {
        if (gap != null && queue.isEmpty()) {
            addGap();
        }
        List<Pending> taken = new ArrayList<>(Math.min(most, size.get() + 1));
        Pending next;
        int waiters = 0;
        while (taken.size() < most && (next = queue.poll()) != null) {
            taken.add(next);
            waiters += next.isAwaited() ? 1 : 0;
        }
        if (waiters > 0) {
            awaited.addAndGet(-waiters);
        }
        return taken;
    }

    /** Makes room: these were written or given up. */
    void done(List<Pending> taken) {
        size.addAndGet(-taken.size());
        long bytes = 0;
        for (Pending pending : taken) {
            bytes += pending.bodyBytes();
        }
        if (bytes != 0) {
            bodyBytes.addAndGet(-bytes);
        }
    }

    /** Whether somebody waits for one of those that wait. */
    boolean isAwaited() {
        return awaited.get() > 0;
    }

    boolean isEmpty() {
        return queue.isEmpty() && gap == null;
    }

    int size() {
        return size.get();
    }

    long dropped() {
        return dropped.get();
    }
}
