package io.agenthub.api.activity;

import io.agenthub.api.Promise;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Streams a query page by page: a page is read when it was asked for, and at most one at a time. */
final class ActivityExport implements Flow.Publisher<ByteBuffer> {
    /** Stores end a page early where activities are long. */
    private static final int PAGE = 250;

    private final ActivityStore store;
    private final ActivityQuery query;
    private final ActivityFormat format;

    ActivityExport(ActivityStore store, ActivityQuery query, ActivityFormat format) {
        this.store = store;
        this.query = query.toBuilder().limit(PAGE).counted(false).build();
        this.format = Objects.requireNonNull(format);
    }

    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
        Objects.requireNonNull(subscriber);
        subscriber.onSubscribe(new Pages(subscriber, query));
    }

    /**
     * One subscriber's way through the pages. Whoever raises {@link #demand} from 0 reads, and goes on reading until it is 0
     * again, so signals are serial; the other fields belong to that reader.
     */
    private final class Pages implements Flow.Subscription {
        private final Flow.Subscriber<? super ByteBuffer> subscriber;
        private final AtomicLong demand = new AtomicLong();
        private @Nullable ActivityQuery next;
        private boolean begun;
        private volatile boolean ended;
        private volatile @Nullable IllegalArgumentException misuse;
        /** The page that is being read. */
        private volatile @Nullable CompletableFuture<ActivityPage> reading;

        Pages(Flow.Subscriber<? super ByteBuffer> subscriber, ActivityQuery first) {
            this.subscriber = subscriber;
            this.next = first;
        }

        @Override
        public void request(long n) {
            if (n <= 0) {
                misuse = new IllegalArgumentException("request(" + n + "): must be more than 0");
            }
            long more = Math.max(1, n);
            long before = demand.getAndAccumulate(more, (now, plus) -> now + plus < 0 ? Long.MAX_VALUE : now + plus);
            if (before == 0) {
                read();
            }
        }

        @Override
        public void cancel() {
            ended = true;
            CompletableFuture<ActivityPage> page = reading;
            if (page != null) {
                page.cancel(true);
            }
        }

        /** Reads on as long as there is demand; pages that are there at once are taken in this loop, not by recursion. */
        private void read() {
            while (!ended) {
                if (misuse != null) {
                    fail(misuse);
                    return;
                }
                ActivityQuery query = next;
                if (query == null) {
                    ended = true;
                    subscriber.onComplete();
                    return;
                }
                CompletionStage<ActivityPage> stage = find(query);
                CompletableFuture<ActivityPage> future = stage.toCompletableFuture();
                if (!future.isDone()) {
                    reading = future;
                    if (ended) {
                        future.cancel(true);
                    }
                    stage.whenComplete((page, failure) -> {
                        reading = null;
                        if (deliver(query, page, failure)) {
                            read();
                        }
                    });
                    return;
                }
                if (!deliver(query, future)) {
                    return;
                }
            }
        }

        private CompletionStage<ActivityPage> find(ActivityQuery query) {
            try {
                return Objects.requireNonNull(store.find(query), "the store gave no stage");
            } catch (RuntimeException | Error e) {
                return Promise.failed(e);
            }
        }

        private boolean deliver(ActivityQuery query, CompletableFuture<ActivityPage> done) {
            try {
                return deliver(query, done.join(), null);
            } catch (CompletionException e) {
                return deliver(query, null, e.getCause());
            } catch (RuntimeException e) {
                return deliver(query, null, e);
            }
        }

        /** Hands over a page. Returns whether to read on: there is demand left, and more to read or the end to tell. */
        private boolean deliver(ActivityQuery query, @Nullable ActivityPage page, @Nullable Throwable failure) {
            if (ended) {
                return false;
            }
            if (page == null) {
                fail(failure == null ? new IllegalStateException("the store gave no page") : failure);
                return false;
            }
            next = query.after(page).orElse(null);
            boolean last = next == null;
            String lines = lines(page);
            if (lines.isEmpty()) {
                return true;
            }
            subscriber.onNext(ByteBuffer.wrap(lines.getBytes(StandardCharsets.UTF_8)));
            if (last && !ended) {
                ended = true;
                subscriber.onComplete();
            }
            // Without demand left, the next request reads; nothing here may be touched after that.
            return !last && demand.updateAndGet(now -> now == Long.MAX_VALUE ? now : now - 1) > 0;
        }

        private String lines(ActivityPage page) {
            StringBuilder out = new StringBuilder(256 * (page.activities().size() + 1));
            if (!begun) {
                begun = true;
                out.append(format.header());
            }
            page.activities().forEach(activity -> format.write(activity, out));
            return out.toString();
        }

        private void fail(Throwable failure) {
            ended = true;
            subscriber.onError(failure);
        }
    }
}
