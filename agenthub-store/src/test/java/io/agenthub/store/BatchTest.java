package io.agenthub.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.ErrorKind;
import io.agenthub.api.activity.Activity;
import io.agenthub.api.activity.ActivityStore;
import io.agenthub.api.activity.ActivityStoreException;
import io.agenthub.api.activity.Redaction;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.tck.Await;
import io.agenthub.tck.TckContext;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written together ends once, each for itself, whatever becomes of one of them. */
class BatchTest {
    @TempDir
    private Path folder;

    private StoreHarness harness;

    @BeforeEach
    void begin() {
        harness = new StoreHarness(folder);
    }

    @AfterEach
    void end() {
        harness.close();
    }

    /** Each letter is a recursion of the matcher, so that a long text overflows its stack. */
    private static StoreOptions.Builder unfortunate() {
        return StoreOptions.builder()
                .bodies(true)
                .commitInterval(Duration.ofMillis(300))
                .redaction(new Redaction(Set.of(), List.of(Pattern.compile("(?:a|b)+z")), 64 * 1_024));
    }

    private static Activity unfit() {
        return StoreHarness.call().request(JsonText.quote("ab".repeat(500_000))).build();
    }

    private static long lostAsRecorded(ActivityStore store) {
        Pattern count = Pattern.compile("(\\d+) activit(?:y|ies) lost .*");
        return StoreHarness.gaps(store).stream()
                .map(gap -> count.matcher(gap.detail().orElse("")))
                .filter(Matcher::matches)
                .mapToLong(matcher -> Long.parseLong(matcher.group(1)))
                .sum();
    }

    @Test
    void anActivityThatCannotBePreparedCostsNoOther() {
        ActivityStore store = harness.open(unfortunate().build());
        Activity unfit = unfit();
        CompletionStage<Long> first = store.append(StoreHarness.call().build());
        CompletionStage<Long> refused = store.append(unfit);
        AtomicInteger lost = new AtomicInteger();
        store.record(unfit, () -> {
            lost.incrementAndGet();
            throw new IllegalStateException("on purpose");
        });
        store.record(unfit, lost::incrementAndGet);
        CompletionStage<Long> second = store.append(StoreHarness.call().build());
        assertEquals(1, Await.value(first));
        assertTrue(Await.value(second) > 1);
        assertEquals(
                ErrorKind.INTERNAL,
                Await.failure(ActivityStoreException.class, refused).kind());
        Await.until("both losses are told", () -> lost.get() == 2);
        assertEquals(3, store.status().dropped());
        Await.until("the losses are in the record", () -> lostAsRecorded(store) == 3);
        Await.until("nothing waits any more", () -> store.status().queued() == 0);
        assertTrue(StoreHarness.verify(store).intact());
    }

    @Test
    void aLossJustBeforeTheEndIsInTheRecord() {
        ActivityStore store = harness.open(unfortunate().build());
        CompletionStage<Long> refused = store.append(unfit());
        StoreHarness.close(store);
        Await.failure(ActivityStoreException.class, refused);
        assertEquals(1, lostAsRecorded(harness.open()));
    }

    @Test
    void aLossThatCannotBePreparedIsRecordedWithoutItsReason() {
        String deep = ".";
        for (int i = 0; i < 300; i++) {
            deep = "(?:" + deep + "|\u0001)";
        }
        Redaction unfortunate = new Redaction(Set.of(), List.of(Pattern.compile("(?:" + deep + ")+\u0001\u0001")), 64);
        ActivityStore store =
                harness.open(StoreOptions.builder().redaction(unfortunate).build());
        CompletionStage<Long> refused =
                store.append(StoreHarness.call().detail("d".repeat(1_000)).build());
        Await.failure(ActivityStoreException.class, refused);
        Await.until("the loss is in the record", () -> !StoreHarness.gaps(store).isEmpty());
        Activity gap = StoreHarness.gaps(store).get(0);
        assertEquals(Optional.empty(), gap.detail(), "otherwise this test shows nothing");
        assertEquals(2, StoreHarness.append(store, StoreHarness.call().build()));
    }

    @Test
    void anExecutorThatRefusesCostsNeitherTheWriterNorAnAnswer() {
        AtomicInteger refusals = new AtomicInteger();
        Executor executor = task -> {
            if (refusals.incrementAndGet() % 2 == 0) {
                throw new OutOfMemoryError("unable to create native thread, on purpose");
            }
            task.run();
        };
        ActivityStore store =
                SqliteActivityStoreProvider.create(SqliteOptions.of(harness.file), TckContext.real(executor));
        Await.value(store.open());
        for (int i = 1; i <= 20; i++) {
            assertEquals(i, StoreHarness.append(store, StoreHarness.call().build()));
        }
        assertEquals(0, store.status().queued());
        assertEquals(0, store.status().dropped());
        StoreHarness.close(store);
    }

    @Test
    void batchesOfLongBodiesAreKeptWhole() {
        ActivityStore store = harness.open(StoreOptions.builder()
                .bodies(true)
                .redaction(new Redaction(Set.of(), List.of(), 64 * 1_024))
                .linger(Duration.ofSeconds(1))
                .build());
        for (int round = 0; round < 2; round++) {
            List<CompletionStage<Long>> stages = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                store.record(
                        StoreHarness.call()
                                .request(JsonText.quote(i + "r".repeat(15_000)))
                                .build(),
                        () -> {});
                stages.add(store.append(StoreHarness.call()
                        .response(JsonText.quote(i + "s".repeat(15_000)))
                        .build()));
            }
            stages.forEach(Await::value);
        }
        List<Activity> newest = StoreHarness.newest(store);
        assertEquals(400, newest.size());
        for (int i = 0; i < 400; i++) {
            Activity activity = newest.get(399 - i);
            JsonText body = activity.request().or(activity::response).orElseThrow();
            assertTrue(body.toString().startsWith("\"" + i % 200 / 2 + (i % 2 == 0 ? "r" : "s")), body.toString());
            assertEquals(
                    15_000,
                    body.toString().chars().filter(c -> c == 'r' || c == 's').count());
        }
        assertTrue(StoreHarness.verify(store).intact());
    }
}
