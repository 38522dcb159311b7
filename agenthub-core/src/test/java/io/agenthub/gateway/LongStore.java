package io.agenthub.gateway;

import io.agenthub.api.Promise;
import io.agenthub.api.activity.Activity;
import io.agenthub.api.activity.Activity.Kind;
import io.agenthub.api.activity.ActivityPage;
import io.agenthub.api.activity.ActivityQuery;
import io.agenthub.api.activity.ActivityStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** As many activities as one likes, made when they are asked for. */
final class LongStore implements ActivityStore {
    final AtomicInteger pages = new AtomicInteger();
    final AtomicLong rows = new AtomicLong();
    private final long size;

    LongStore(long size) {
        this.size = size;
    }

    @Override
    public CompletionStage<ActivityPage> find(ActivityQuery query) {
        pages.incrementAndGet();
        long newest = query.before().orElse(size + 1) - 1;
        long oldest = Math.max(1, newest - query.limit() + 1);
        List<Activity> page = new ArrayList<>();
        for (long sequence = newest; sequence >= oldest; sequence--) {
            page.add(Activity.builder(Kind.CALL, Instant.EPOCH.plusSeconds(sequence))
                    .sequence(sequence)
                    .server("one")
                    .method("tools/call")
                    .client("a client with a name of some length")
                    .build());
        }
        rows.addAndGet(page.size());
        OptionalLong next = oldest > 1 ? OptionalLong.of(oldest) : OptionalLong.empty();
        return Promise.succeeded(new ActivityPage(page, next, OptionalLong.empty(), true));
    }

    @Override
    public CompletionStage<Void> open() {
        return Promise.done();
    }

    @Override
    public CompletionStage<Long> append(Activity activity) {
        return Promise.failed(new UnsupportedOperationException("not part of this fake"));
    }

    @Override
    public CompletionStage<Void> closeAsync() {
        return Promise.done();
    }
}
