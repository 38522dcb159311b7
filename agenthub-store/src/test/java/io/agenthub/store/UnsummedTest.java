package io.agenthub.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.activity.Activity;
import io.agenthub.api.activity.Activity.Kind;
import io.agenthub.api.activity.ActivityQuery;
import io.agenthub.api.activity.ActivityStats;
import io.agenthub.api.activity.ActivityStore;
import io.agenthub.api.activity.Retention;
import io.agenthub.tck.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sums are written after many transactions at once: nobody who asks notices, nor does a crash in between. */
class UnsummedTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private final Instant noon =
            Instant.now().minus(Duration.ofDays(1)).truncatedTo(ChronoUnit.DAYS).plus(Duration.ofHours(12));

    @TempDir
    private Path folder;

    private StoreHarness harness;
    private ActivityStore store;
    private int appended;

    @BeforeEach
    void open() {
        harness = new StoreHarness(folder);
        store = harness.open();
    }

    @AfterEach
    void end() {
        harness.close();
    }

    private static long unsummed(StoreHarness asked) throws SQLException {
        try (Connection connection = asked.connect()) {
            return Long.parseLong(StoreHarness.first(connection, "SELECT head - summed FROM chain"));
        }
    }

    /** Every tenth fails, every second is of an hour later. */
    private void append() {
        int number = appended++;
        StoreHarness.append(
                store,
                Activity.builder(Kind.CALL, noon.plus(HOUR.multipliedBy(number % 2)))
                        .server("time")
                        .tool("tool-" + number % 5)
                        .client("client-" + number % 3)
                        .method("tools/call")
                        .outcome(number % 10 == 0 ? "TIMEOUT" : Activity.OK)
                        .duration(Duration.ofMillis(3 + number % 7))
                        .build());
    }

    private void appendUntilSomeAreUnsummed() {
        Await.until("activities are not summed up yet", () -> {
            for (int i = 0; i < 30; i++) {
                append();
            }
            return asked(() -> unsummed(harness)) >= 30;
        });
    }

    private static long asked(Question question) {
        try {
            return question.ask();
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private interface Question {
        long ask() throws SQLException;
    }

    private static ActivityStats statistics(ActivityStore store, ActivityQuery query) {
        return Await.value(store.statistics(query, HOUR));
    }

    private static long total(ActivityStore store, ActivityQuery query) {
        long counted = Await.value(store.find(query.toBuilder().limit(1).build()))
                .total()
                .orElseThrow();
        assertEquals(counted, statistics(store, query).total(), "what is found is what is summed up");
        return counted;
    }

    private void assertAllAreCounted(ActivityStore asked, int count) {
        ActivityStats all = statistics(asked, ActivityQuery.ALL);
        assertEquals(count, all.total());
        assertEquals((count + 9) / 10, all.outcomes().get("TIMEOUT"));
        assertEquals(count, all.servers().get("time"));
        assertEquals((count + 2) / 3, all.clients().get("client-0"));
        assertEquals(
                (count + 4) / 5,
                all.tools().stream()
                        .filter(use -> use.tool().equals("tool-0"))
                        .findFirst()
                        .orElseThrow()
                        .calls());
        assertEquals(
                List.of((count + 1L) / 2, count / 2L),
                all.series().stream().map(ActivityStats.Slot::count).toList());
        assertTrue(all.latency().p99().compareTo(Duration.ofMillis(8)) > 0, all::toString);

        assertEquals(
                (count + 2) / 3,
                total(asked, ActivityQuery.builder().client("client-0").build()));
        ActivityQuery pair =
                ActivityQuery.builder().server("time").tool("tool-1").build();
        assertEquals((count + 3) / 5, total(asked, pair));
        ActivityQuery firstHour = ActivityQuery.builder()
                .from(noon)
                .until(noon.plus(HOUR))
                .server("time")
                .build();
        assertEquals((count + 1) / 2, total(asked, firstHour));
        ActivityQuery odd = firstHour.toBuilder()
                .from(noon.minusSeconds(7))
                .until(noon.plusSeconds(7))
                .build();
        assertEquals((count + 1) / 2, total(asked, odd));
    }

    @Test
    void whatIsNotSummedUpYetIsCounted() {
        appendUntilSomeAreUnsummed();
        assertAllAreCounted(store, appended);
    }

    @Test
    void aToolThatOnlyTheNewestCalledIsFound() {
        appendUntilSomeAreUnsummed();
        StoreHarness.append(store, StoreHarness.call().tool("new").build());
        ActivityQuery pair = ActivityQuery.builder().server("time").tool("new").build();
        assertEquals(1, total(store, pair));
    }

    @Test
    void afterACrashItIsSummedUpOnce() throws SQLException {
        try (StoreHarness after = copyWithUnsummed()) {
            ActivityStore crashed = after.open();
            assertAllAreCounted(crashed, appended);
            Await.value(crashed.cleanup(Retention.FOREVER));
            assertAllAreCounted(crashed, appended);
            StoreHarness.close(crashed);
            assertSumsAreWhole(after, appended);
        }
    }

    /** What a crash leaves behind between two of the times when sums are written. */
    private StoreHarness copyWithUnsummed() throws SQLException {
        AtomicReference<StoreHarness> copy = new AtomicReference<>();
        Await.until("a copy without all sums", () -> {
            appendUntilSomeAreUnsummed();
            copy.set(new StoreHarness(copyOfTheFiles()));
            return asked(() -> unsummed(copy.get())) > 0;
        });
        return copy.get();
    }

    private Path copyOfTheFiles() {
        try (Stream<Path> files = Files.list(folder)) {
            Path copied = Files.createDirectory(folder.resolve("crashed-" + appended));
            for (Path each : files.filter(Files::isRegularFile).toList()) {
                Files.copy(each, copied.resolve(each.getFileName()));
            }
            return copied;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void whoeverIsIdleSumsUp() {
        appendUntilSomeAreUnsummed();
        Await.until("all is summed up", () -> asked(() -> unsummed(harness)) == 0);
        assertAllAreCounted(store, appended);
    }

    private static void assertSumsAreWhole(StoreHarness closed, int count) throws SQLException {
        try (Connection connection = closed.connect()) {
            assertEquals("0", StoreHarness.first(connection, "SELECT head - summed FROM chain"));
            for (String table : List.of("rollup WHERE dim = 0", "rollup_day WHERE dim = 7", "cube", "cube_day")) {
                assertEquals(
                        String.valueOf(count), StoreHarness.first(connection, "SELECT sum(n) FROM " + table), table);
            }
        }
    }

    @Test
    void closingSumsUp() throws SQLException {
        appendUntilSomeAreUnsummed();
        StoreHarness.close(store);
        assertSumsAreWhole(harness, appended);
    }

    @Test
    void aTransactionThatFailsLeavesNothingInTheSums() throws SQLException {
        appendUntilSomeAreUnsummed();
        try (Connection connection = harness.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TRIGGER refuse BEFORE INSERT ON segment BEGIN SELECT RAISE(ABORT, 'no'); END");
            store.append(StoreHarness.call().server("later").build());
            Await.until("it fails", () -> store.status().problem().isPresent());
            statement.execute("DROP TRIGGER refuse");
        }
        Await.until("it is written", () -> store.status().queued() == 0);
        assertEquals(1, total(store, ActivityQuery.builder().server("later").build()));
        assertEquals(
                appended, total(store, ActivityQuery.builder().server("time").build()));
        StoreHarness.close(store);
        assertSumsAreWhole(harness, appended + 1);
    }

    @Test
    void whatIsRemovedOnBothSidesOfTheLastSumsIsInNoSum() throws SQLException {
        appendAt(noon, 500);
        Await.until("all is summed up", () -> asked(() -> unsummed(harness)) == 0);
        appendAt(noon.plus(HOUR), 500);
        Instant middle = noon.plus(HOUR).plusSeconds(250);
        long removed = Await.value(store.cleanup(Retention.ofAge(Duration.between(middle, Instant.now()))));
        assertTrue(removed >= 750 && removed < 1_000, () -> removed + " are that old, or became it meanwhile");
        assertEquals(1_000 - removed, total(store, ActivityQuery.ALL));
        StoreHarness.close(store);
        assertSumsAreWhole(harness, (int) (1_000 - removed));
    }

    private void appendAt(Instant first, int count) {
        List<CompletionStage<Long>> stages = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Activity.Builder call = Activity.builder(Kind.CALL, first.plusSeconds(i));
            stages.add(store.append(
                    call.server("time").duration(Duration.ofMillis(3)).build()));
        }
        stages.forEach(Await::value);
    }

    @Test
    void whatIsRemovedBeforeItIsSummedUpIsInNoSum() throws SQLException {
        appendUntilSomeAreUnsummed();
        Await.value(store.clear());
        assertEquals(0, statistics(store, ActivityQuery.ALL).total());
        appended = 0;
        appendUntilSomeAreUnsummed();
        assertAllAreCounted(store, appended);
        StoreHarness.close(store);
        assertSumsAreWhole(harness, appended);
    }
}
