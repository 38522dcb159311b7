package io.agenthub.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.activity.Activity;
import io.agenthub.api.activity.Activity.Kind;
import io.agenthub.api.activity.ActivityPage;
import io.agenthub.api.activity.ActivityQuery;
import io.agenthub.api.activity.ActivityStats;
import io.agenthub.api.activity.ActivityStore;
import io.agenthub.api.activity.Redaction;
import io.agenthub.api.activity.Retention;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.tck.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Activities as large, as long and as old as they can be. */
class LongBodiesTest {
    private static final int PART = 16_000;
    private static final int PARTS = 60;
    private static final int COUNT = 40;

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

    @Test
    void aPageOfLongBodiesEndsEarlyAndTheNextGoesOn() {
        ActivityStore store = harness.open(StoreOptions.builder()
                .bodies(true)
                .redaction(new Redaction(Redaction.DEFAULT.keys(), Redaction.DEFAULT.patterns(), 1_024 * 1_024))
                .build());
        String part = "\"" + "x".repeat(PART) + "\"";
        JsonText body = JsonText.of("[" + String.join(",", Collections.nCopies(PARTS, part)) + "]");
        for (int i = 0; i < COUNT; i++) {
            StoreHarness.append(store, StoreHarness.call().request(body).build());
        }
        List<Long> found = new ArrayList<>();
        ActivityQuery query = ActivityQuery.builder().limit(1_000).build();
        int pages = 0;
        while (query != null) {
            ActivityPage page = Await.value(store.find(query));
            assertTrue(
                    page.activities().size() <= 10,
                    page.activities().size() + " in one page, "
                            + page.activities().get(0).request().map(JsonText::length));
            page.activities().stream().map(Activity::sequence).forEach(found::add);
            pages++;
            query = query.after(page).orElse(null);
        }
        assertEquals(
                LongStream.rangeClosed(1, COUNT).map(i -> COUNT + 1 - i).boxed().toList(), found);
        assertTrue(pages >= 5, "so there are several");
        assertEquals(COUNT, Await.value(store.cleanup(Retention.ofBytes(1))));
    }

    @Test
    void whatTookLongerThanAnythingCanIsSummedUp() {
        ActivityStore store = harness.open();
        for (int i = 0; i < 2; i++) {
            StoreHarness.append(
                    store,
                    StoreHarness.call()
                            .durationNanos(Long.MAX_VALUE)
                            .bytes(Long.MAX_VALUE, Long.MAX_VALUE)
                            .build());
        }
        ActivityStats stats = Await.value(store.statistics(ActivityQuery.ALL, Duration.ofHours(1)));
        assertEquals(2, stats.total());
        assertTrue(StoreHarness.verify(store).intact());
    }

    @Test
    void whatWasBeforeTheEpochCountsInTheStepItFellInto() {
        ActivityStore store =
                harness.open(StoreOptions.builder().retention(Retention.FOREVER).build());
        Instant before = Instant.parse("1969-12-31T23:59:30Z");
        StoreHarness.append(store, Activity.builder(Kind.CALL, before).build());
        StoreHarness.append(
                store,
                Activity.builder(Kind.CALL, Instant.parse("1970-01-01T00:00:30Z"))
                        .build());
        for (Duration step :
                List.of(Duration.ofMinutes(1), Duration.ofHours(1), Duration.ofDays(1), Duration.ofSeconds(30))) {
            ActivityStats stats = Await.value(store.statistics(ActivityQuery.ALL, step));
            Instant slot =
                    Instant.ofEpochSecond(Math.floorDiv(before.getEpochSecond(), step.toSeconds()) * step.toSeconds());
            assertEquals(slot, stats.series().get(0).start(), step::toString);
            assertEquals(1, stats.series().get(0).count(), step::toString);
        }
    }

    @Test
    void nothingIsBeforeTheFirst() {
        ActivityStore store = harness.open();
        StoreHarness.fill(store, 3);
        for (long before : new long[] {Long.MIN_VALUE, -1, 0, 1}) {
            ActivityPage page = Await.value(
                    store.find(ActivityQuery.builder().before(before).build()));
            assertEquals(List.of(), page.activities(), () -> "before " + before);
        }
    }
}
