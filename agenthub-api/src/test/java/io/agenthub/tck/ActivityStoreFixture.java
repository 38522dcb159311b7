package io.agenthub.tck;

import io.agenthub.api.activity.Activity;
import io.agenthub.api.activity.Activity.Kind;
import io.agenthub.api.activity.ActivityPage;
import io.agenthub.api.activity.ActivityQuery;
import io.agenthub.api.activity.ActivityStore;
import io.agenthub.api.activity.ChainHead;
import io.agenthub.api.activity.Verification;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What the tests of activity stores have in common: an open store, closed after the test. */
public abstract class ActivityStoreFixture {
    static final Instant NOON = Instant.parse("2026-03-03T12:00:00.123456Z");

    ActivityStore store;

    /** For subclasses. */
    protected ActivityStoreFixture() {}

    /**
     * Makes the store under test.
     *
     * @return a new, empty store, not yet opened, that keeps at least 10,000 activities, however old they
     *     are; the test closes it
     */
    protected abstract ActivityStore newStore();

    /**
     * Whether the store keeps a hash chain.
     *
     * @return default true
     */
    protected boolean keepsChain() {
        return true;
    }

    @BeforeEach
    final void open() {
        store = newStore();
        Await.value(store.open());
    }

    @AfterEach
    final void close() {
        store.closeAsync().toCompletableFuture().join();
    }

    static Activity.Builder call() {
        return Activity.builder(Kind.CALL, NOON).server("time").method("tools/call");
    }

    void fill(int count) {
        List<CompletionStage<Long>> stages = IntStream.range(0, count)
                .mapToObj(i -> store.append(call().tool("tool" + i % 7)
                        .requestId(String.valueOf(i))
                        .detail("Some words about call number " + i)
                        .build()))
                .toList();
        stages.forEach(Await::value);
    }

    long append(Activity activity) {
        return Await.value(store.append(activity));
    }

    ActivityPage find(ActivityQuery query) {
        return Await.value(store.find(query));
    }

    Activity newest() {
        return find(ActivityQuery.ALL).activities().get(0);
    }

    List<Activity> all() {
        List<Activity> all = new ArrayList<>();
        Optional<ActivityQuery> next = Optional.of(ActivityQuery.ALL);
        while (next.isPresent()) {
            ActivityPage page = find(next.get());
            all.addAll(page.activities());
            next = next.get().after(page);
        }
        return all;
    }

    Verification verify(List<ChainHead> heads) {
        return Await.value(store.verify(heads));
    }
}
