package io.agenthub.tck;

import io.agenthub.api.Promise;
import io.agenthub.api.activity.Activity;
import io.agenthub.api.activity.ActivityPage;
import io.agenthub.api.activity.ActivityQuery;
import io.agenthub.api.activity.ActivityStats;
import io.agenthub.api.activity.ActivityStore;
import io.agenthub.api.activity.ActivityStoreException;
import io.agenthub.api.activity.ActivityStoreStatus;
import io.agenthub.api.activity.ChainHead;
import io.agenthub.api.activity.Retention;
import io.agenthub.api.activity.Verification;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Keeps the newest activities in memory: for tests of what writes or shows activities. It keeps bodies as they came and no
 * hash chain, and counts each activity as 256 bytes.
 */
public final class MemoryActivityStore implements ActivityStore {
    private static final int BYTES_EACH = 256;

    private final int capacity;
    private final Clock clock;
    private final Executor executor;
    private final Promise<Void> closed;
    private final Deque<Activity> kept = new ArrayDeque<>();
    private long lastSequence;
    private boolean open;
    private boolean closing;

    /** A store for 100,000 activities that completes its stages on the caller's thread. */
    public MemoryActivityStore() {
        this(100_000, Clock.systemUTC(), Runnable::run);
    }

    /**
     * A store.
     *
     * @param capacity how many activities it keeps; the oldest make room
     * @param clock the time that retention goes by
     * @param executor completes the stages
     */
    public MemoryActivityStore(int capacity, Clock clock, Executor executor) {
        this.capacity = capacity;
        this.clock = clock;
        this.executor = executor;
        this.closed = new Promise<>(executor);
    }

    @Override
    public synchronized CompletionStage<Void> open() {
        if (open || closing) {
            return Promise.failed(new IllegalStateException("a store is opened once"));
        }
        open = true;
        return Promise.done();
    }

    @Override
    public CompletionStage<Long> append(Activity activity) {
        Objects.requireNonNull(activity);
        return answer(() -> {
            kept.addLast(activity.toBuilder()
                    .sequence(++lastSequence)
                    .requestHash(null)
                    .build());
            if (kept.size() > capacity) {
                kept.removeFirst();
            }
            return lastSequence;
        });
    }

    @Override
    public CompletionStage<ActivityPage> find(ActivityQuery query) {
        Objects.requireNonNull(query);
        return answer(() -> page(query));
    }

    private ActivityPage page(ActivityQuery query) {
        List<Activity> found = new ArrayList<>();
        boolean more = false;
        Iterator<Activity> newestFirst = kept.descendingIterator();
        while (newestFirst.hasNext() && !more) {
            Activity activity = newestFirst.next();
            if (query.matches(activity)) {
                more = found.size() == query.limit();
                if (!more) {
                    found.add(activity);
                }
            }
        }
        OptionalLong next = more ? OptionalLong.of(found.get(found.size() - 1).sequence()) : OptionalLong.empty();
        ActivityQuery all = query.toBuilder().before(Long.MAX_VALUE).build();
        OptionalLong total = query.counted()
                ? OptionalLong.of(kept.stream().filter(all::matches).count())
                : OptionalLong.empty();
        return new ActivityPage(found, next, total, true);
    }

    @Override
    public CompletionStage<ActivityStats> statistics(ActivityQuery query, Duration step) {
        MemoryStatistics statistics = new MemoryStatistics(query, step);
        return answer(() -> statistics.of(kept));
    }

    /** There is no chain here, so there is nothing that could be wrong with it. */
    @Override
    public CompletionStage<Verification> verify(List<ChainHead> heads) {
        Objects.requireNonNull(heads);
        return answer(() -> new Verification(kept.size(), Optional.empty(), Optional.empty(), Optional.empty(), 0));
    }

    @Override
    public CompletionStage<Long> cleanup(Retention retention) {
        Objects.requireNonNull(retention);
        return answer(() -> {
            long before = kept.size();
            Optional<Instant> oldest =
                    retention.age().map(age -> clock.instant().minus(age));
            kept.removeIf(activity -> oldest.filter(activity.at()::isBefore).isPresent());
            long most = retention.bytes().orElse(Long.MAX_VALUE) / BYTES_EACH;
            while (kept.size() > most) {
                kept.removeFirst();
            }
            return before - kept.size();
        });
    }

    @Override
    public CompletionStage<Long> clear() {
        return answer(() -> {
            long removed = kept.size();
            kept.clear();
            return removed;
        });
    }

    @Override
    public synchronized ActivityStoreStatus status() {
        return new ActivityStoreStatus(
                0, lastSequence, 0, (long) kept.size() * BYTES_EACH, Optional.empty(), Optional.empty());
    }

    /**
     * What is kept.
     *
     * @return a copy, oldest first
     */
    public synchronized List<Activity> activities() {
        return List.copyOf(kept);
    }

    @Override
    public CompletionStage<Void> closeAsync() {
        synchronized (this) {
            closing = true;
        }
        closed.succeed();
        return closed;
    }

    private <T> CompletionStage<T> answer(Supplier<T> question) {
        Promise<T> promise = new Promise<>(executor);
        T answer;
        synchronized (this) {
            if (closing) {
                return Promise.failed(ActivityStoreException.closed());
            }
            if (!open) {
                return Promise.failed(new IllegalStateException("open the store first"));
            }
            answer = question.get();
        }
        promise.succeed(answer);
        return promise;
    }
}
