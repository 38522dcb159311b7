package io.agenthub.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.activity.Activity;
import io.agenthub.api.activity.ActivityPage;
import io.agenthub.api.activity.ActivityQuery;
import io.agenthub.api.activity.ActivityStore;
import io.agenthub.tck.Await;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is looked for by the identifier of its request, in stretches that are full and in one that is not. */
class RequestIdsTest {
    private static final int ACTIVITIES = 3 * RequestIds.STRETCH + 100;

    @TempDir
    private Path folder;

    private StoreHarness harness;
    private ActivityStore store;

    @BeforeEach
    void fill() {
        harness = new StoreHarness(folder);
        store = harness.open();
        StoreHarness.fill(store, ACTIVITIES);
    }

    @AfterEach
    void end() {
        harness.close();
    }

    private ActivityPage find(String id) {
        return Await.value(store.find(ActivityQuery.builder().requestId(id).build()));
    }

    @Test
    void eachIsFoundWhereverItIs() {
        for (int id = 0; id < ACTIVITIES; id += 97) {
            List<Activity> found = find(String.valueOf(id)).activities();
            assertEquals(
                    List.of(id + 1L), found.stream().map(Activity::sequence).toList());
        }
        assertTrue(find("no such").activities().isEmpty());
    }

    @Test
    void oneThatRecursIsFoundEachTimeAndCounted() {
        IntStream.range(0, 5)
                .forEach(i -> StoreHarness.append(
                        store, StoreHarness.call().requestId("77").build()));
        ActivityPage page = find("77");
        assertEquals(6, page.activities().size());
        assertEquals(6, page.total().orElseThrow());
        ActivityQuery query = ActivityQuery.builder().requestId("77").build();
        assertEquals(
                6, Await.value(store.statistics(query, Duration.ofHours(1))).total());
    }

    @Test
    void withoutItsFilterAStretchIsLookedThrough() throws SQLException {
        StoreHarness.close(store);
        harness.execute(
                "DELETE FROM request_ids WHERE stretch = 1", "UPDATE request_ids SET filter = x'00' WHERE stretch = 2");
        store = harness.open();
        for (int stretch = 0; stretch < 4; stretch++) {
            assertEquals(
                    1,
                    find(String.valueOf(stretch * RequestIds.STRETCH + 50))
                            .activities()
                            .size());
        }
    }

    @Test
    void lookingThroughManyEndsWhenNobodyWaits() throws Exception {
        AtomicInteger looked = new AtomicInteger();
        FutureTask<Void> scan = new FutureTask<>(() -> {
            try (Connection connection = harness.connect()) {
                ((StoreThread) Thread.currentThread()).endWhen(() -> looked.get() > 0);
                EveryBlock all = new EveryBlock(List.of(new Extent(1, ACTIVITIES)));
                Scan.go(connection, all, Extent.ALL, (segment, i) -> looked.incrementAndGet() > 0);
            }
            return null;
        });
        new StoreThread(scan, "test").start();
        ExecutionException ended = assertThrows(ExecutionException.class, () -> scan.get(10, TimeUnit.SECONDS));
        assertInstanceOf(SQLException.class, ended.getCause());
        assertTrue(looked.get() <= Facets.BLOCK, looked::toString);
    }

    @Test
    void onlyStretchesThatAreFullHaveAFilter() throws SQLException {
        try (Connection connection = harness.connect()) {
            assertEquals("3", StoreHarness.first(connection, "SELECT count(*) FROM request_ids"));
        }
        Await.value(store.clear());
        try (Connection connection = harness.connect()) {
            assertEquals("0", StoreHarness.first(connection, "SELECT count(*) FROM request_ids"));
        }
        assertTrue(find("5").activities().isEmpty());
    }
}
