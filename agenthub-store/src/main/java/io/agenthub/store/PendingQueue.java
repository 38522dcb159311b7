package io.agenthub.store;

import io.agenthub.api.BusyException;
import io.agenthub.api.Promise;
import io.agenthub.api.activity.Activity;
import io.agenthub.api.rpc.JsonText;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be written: bounded in number, and in bytes of bodies. Any thread adds without blocking, the writer takes.
 *
 * <p>It is a stack (Treiber 1986) that is taken as a whole and turned over: what waits points to what came before it, so that nothing
 * young is kept, or looked for, by what has grown old.
 *
 * <p>What does not fit is counted, and the count becomes an activity of its own as soon as there is room, in the place where
 * the others would have stood.
 */
final class PendingQueue {
    /** Beyond it activities go on without their bodies, and their requests are not recognised. */
    private static final long MAX_BODY_BYTES = 32L * 1_024 * 1_024;

    /**
     * Beyond these, whoever appends an activity prepares it, if that does not take long: what waits for long grows old, and what is old
     * is expensive to collect.
     */
    private static final long MANY_BODY_BYTES = 256L * 1_024;

    private static final int MANY = 8_192;

    private final AtomicReference<@Nullable Pending> newest = new AtomicReference<>();
    /** Turned over, but not taken yet. Guarded by this to write. */
    private volatile @Nullable Pending oldest;

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

    /**
     * Adds an activity, or counts it as lost. Returns whether it was added.
     *
     * @param promise of its sequence, or null
     * @param onLoss run if it is lost once it was added, or null
     */
    boolean add(Activity activity, @Nullable Promise<Long> promise, @Nullable Runnable onLoss) {
        if (size.incrementAndGet() > capacity) {
            size.decrementAndGet();
            lost(1, "the queue of " + capacity + " was full");
            return false;
        }
        Pending pending;
        try {
            pending = pending(activity, promise, onLoss);
        } catch (RuntimeException | Error e) {
            size.decrementAndGet();
            throw e;
        }
        if (gap != null) {
            addGap();
        }
        if (promise != null) {
            awaited.incrementAndGet();
        }
        push(pending);
        return true;
    }

    private Pending pending(Activity activity, @Nullable Promise<Long> promise, @Nullable Runnable onLoss) {
        boolean pressed = bodyBytes.get() >= MANY_BODY_BYTES || size.get() > MANY;
        return pressed && preparation.isQuick(activity)
                ? new Pending.Prepared(preparation.entry(activity), promise, onLoss)
                : unprepared(activity, promise, onLoss);
    }

    private void push(Pending pending) {
        Pending before;
        do {
            before = newest.get();
            pending.next = before;
        } while (!newest.compareAndSet(before, pending));
    }

    /** Why nothing more is added. */
    BusyException full() {
        return new BusyException(null, "maxQueued", capacity);
    }

    private Pending unprepared(Activity activity, @Nullable Promise<Long> promise, @Nullable Runnable onLoss) {
        if (activity.request().isEmpty() && activity.response().isEmpty()) {
            return new Pending.Unprepared(activity, 0, promise, onLoss);
        }
        // The request is recognised later, by the writer, whether or not any of it is kept.
        Activity waiting = keepsBodies || activity.response().isEmpty()
                ? activity
                : activity.toBuilder().response(null).build();
        long bytes = length(waiting.request()) + length(waiting.response());
        if (bodyBytes.addAndGet(bytes) <= MAX_BODY_BYTES) {
            return new Pending.Unprepared(waiting, bytes, promise, onLoss);
        }
        bodyBytes.addAndGet(-bytes);
        return new Pending.Unprepared(
                activity.toBuilder().request(null).response(null).build(), 0, promise, onLoss);
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
                push(new Pending.Loss(noted));
                // Only now, so that nobody who sees no gap comes before this one.
                gap = null;
            }
        }
    }

    /** Gives up what was taken: all of it is lost, and of the losses in it nothing is forgotten. */
    void giveUp(Receipts taken, String reason) {
        done(taken.count());
        taken.gaps().forEach(this::note);
        int lost = taken.count() - taken.gaps().size();
        if (lost > 0) {
            lost(lost, reason);
        }
    }

    /** Adds what was lost, if nothing came after it that would have. */
    void addLoss() {
        if (gap != null && isNothingAdded()) {
            addGap();
        }
    }

    /**
     * Takes what waits, in order, at most so many, and no more after so much in bodies. They count as waiting until they are {@link #done},
     * and their bodies until they are {@link #prepared}.
     */
    synchronized List<Pending> take(int most, long mostBytes) {
        List<Pending> taken = new ArrayList<>(Math.min(most, Math.max(0, size.get()) + 1));
        Pending next = oldest;
        int waiters = 0;
        long bytes = 0;
        while (taken.size() < most && bytes < mostBytes && (next != null || (next = turnedOver()) != null)) {
            taken.add(next);
            waiters += next.promise() == null ? 0 : 1;
            bytes += next.bodyBytes();
            Pending behind = next.next;
            next.next = null;
            next = behind;
        }
        oldest = next;
        if (waiters > 0) {
            awaited.addAndGet(-waiters);
        }
        return taken;
    }

    /** What was kept of their bodies is kept elsewhere now. */
    void prepared(List<Pending> taken) {
        long bytes = 0;
        for (Pending pending : taken) {
            bytes += pending.bodyBytes();
        }
        if (bytes > 0) {
            bodyBytes.addAndGet(-bytes);
        }
    }

    /** Empties the stack. Returns the oldest of what was in it, which leads to the others, or null. */
    private @Nullable Pending turnedOver() {
        Pending turned = null;
        Pending rest = newest.getAndSet(null);
        while (rest != null) {
            Pending before = rest.next;
            rest.next = turned;
            turned = rest;
            rest = before;
        }
        return turned;
    }

    private boolean isNothingAdded() {
        return newest.get() == null && oldest == null;
    }

    /** Makes room: so many were written or given up. */
    void done(int taken) {
        size.addAndGet(-taken);
    }

    /** Whether somebody waits for one of those that were not taken yet. */
    boolean isAwaited() {
        return awaited.get() > 0;
    }

    /** Whether all were taken. */
    boolean isEmpty() {
        return isNothingAdded() && gap == null;
    }

    /** How many wait, those included that were taken but are not done. */
    int size() {
        return size.get();
    }

    long dropped() {
        return dropped.get();
    }
}
