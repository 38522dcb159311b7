package io.agenthub.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.agenthub.api.AgentHubException;
import io.agenthub.api.BusyException;
import io.agenthub.api.ErrorKind;
import io.agenthub.api.activity.Activity;
import io.agenthub.api.activity.Activity.Kind;
import io.agenthub.api.activity.ActivityPage;
import io.agenthub.api.activity.ActivityQuery;
import io.agenthub.api.activity.ActivityStore;
import io.agenthub.api.activity.ActivityStoreException;
import io.agenthub.api.activity.Retention;
import io.agenthub.tck.Await;
import io.agenthub.tck.TckContext;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the store does while its database cannot be written: a foreign lock stands for every such trouble. */
class SqliteFaultsTest {
    /** Much less than what lingers would wait. */
    private static final Duration SOON = Duration.ofSeconds(5);

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

    /** Keeps the store from writing as long as it is open. */
    private AutoCloseable lock() throws SQLException {
        Connection connection = harness.connect();
        try (Statement statement = connection.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
        }
        return () -> {
            try (connection;
                    Statement statement = connection.createStatement()) {
                statement.execute("ROLLBACK");
            }
        };
    }

    @Test
    void whatIsAppendedWhileTheFileIsLockedIsWrittenOnceItIsFree() throws Exception {
        ActivityStore store = harness.open();
        List<CompletionStage<Long>> waiting = new ArrayList<>();
        try (AutoCloseable lock = lock()) {
            for (int i = 0; i < 100; i++) {
                waiting.add(store.append(StoreHarness.call().build()));
            }
            Await.until("the trouble is known", () -> store.status().problem().isPresent());
            assertEquals(100, store.status().queued());
            assertEquals(0, StoreHarness.newest(store).size(), "readers do not wait for the writer");
        }
        for (int i = 0; i < 100; i++) {
            assertEquals(i + 1, Await.value(waiting.get(i)));
        }
        assertTrue(store.status().problem().isEmpty());
        assertEquals(List.of(), StoreHarness.gaps(store));
    }

    @Test
    void whatDoesNotFitIsRefusedAtOnceAndTheLossIsKeptInItsPlace() throws Exception {
        ActivityStore store = harness.open(StoreOptions.builder().maxQueued(50).build());
        List<CompletionStage<Long>> stages = new ArrayList<>();
        try (AutoCloseable lock = lock()) {
            for (int i = 0; i < 130; i++) {
                stages.add(store.append(StoreHarness.call().bytes(i, 0).build()));
            }
            for (CompletionStage<Long> refused : stages.subList(50, 130)) {
                BusyException busy = Await.failure(BusyException.class, refused);
                assertEquals("maxQueued", busy.bound());
                assertEquals(50, busy.limit());
            }
        }
        stages.subList(0, 50).forEach(Await::value);
        StoreHarness.append(store, StoreHarness.call().bytes(500, 0).build());
        List<Activity> newestFirst = StoreHarness.newest(store);
        assertEquals(52, newestFirst.size());
        assertEquals(500, newestFirst.get(0).bytesIn());
        assertEquals(Kind.GAP, newestFirst.get(1).kind());
        assertTrue(
                newestFirst.get(1).detail().orElse("").startsWith("80 activities lost between "),
                newestFirst::toString);
        assertEquals(80, store.status().dropped());
        assertTrue(StoreHarness.verify(store).intact());
    }

    @Test
    void whatIsAppendedSoonAfterACommitWaitsForCompany() {
        Duration interval = Duration.ofSeconds(1);
        ActivityStore store = harness.open(
                StoreOptions.builder().maxQueued(16).commitInterval(interval).build());
        long before = System.nanoTime();
        StoreHarness.append(store, StoreHarness.call().build());
        List<CompletionStage<Long>> waiting = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            waiting.add(store.append(StoreHarness.call().build()));
        }
        long queued = store.status().queued();
        boolean inTime = System.nanoTime() - before < interval.toNanos();
        assertTrue(queued == 3 || !inTime, queued + " wait although the interval is not over");
        waiting.add(store.append(StoreHarness.call().build()));
        for (int i = 0; i < 4; i++) {
            assertEquals(i + 2, Await.value(waiting.get(i)), "a quarter of the queue is enough company");
        }
    }

    @Test
    void whatNobodyWaitsForLingersUntilSomebodyDoes() {
        ActivityStore store = lingering();
        for (int i = 0; i < 10; i++) {
            store.record(StoreHarness.call().build(), SqliteFaultsTest::lost);
        }
        assertEquals(10, store.status().queued(), "they linger");
        CompletionStage<Long> last = store.append(StoreHarness.call().build());
        Await.until(SOON, "all is written", () -> store.status().written() == 12);
        assertEquals(12, Await.value(last));
    }

    @Test
    void whatNobodyWaitsForLingersUntilSomebodyAsks() {
        ActivityStore store = lingering();
        store.record(StoreHarness.call().build(), SqliteFaultsTest::lost);
        StoreHarness.newest(store);
        Await.until(SOON, "what waits is written", () -> store.status().written() == 2);
    }

    @Test
    void enoughThatNobodyWaitsForDoNotLinger() {
        ActivityStore store = lingering();
        for (int i = 0; i < 4_096; i++) {
            store.record(StoreHarness.call().build(), SqliteFaultsTest::lost);
        }
        Await.until(SOON, "all are written", () -> store.status().written() == 4_097);
    }

    private static void lost() {
        fail("an activity was lost");
    }

    /** A store whose first commit is just over, so that what nobody waits for lingers for longer than a test may last. */
    private ActivityStore lingering() {
        ActivityStore store = harness.open(
                StoreOptions.builder().linger(Duration.ofSeconds(10)).build());
        StoreHarness.append(store, StoreHarness.call().build());
        return store;
    }

    @Test
    void closingDoesNotWaitForCompany() {
        ActivityStore store = harness.open(
                StoreOptions.builder().commitInterval(Duration.ofSeconds(1)).build());
        StoreHarness.append(store, StoreHarness.call().build());
        CompletionStage<Long> last = store.append(StoreHarness.call().build());
        store.close();
        assertEquals(2, Await.value(last));
    }

    @Test
    void aLossIsKeptWithoutAnotherActivity() throws Exception {
        ActivityStore store = harness.open(StoreOptions.builder().maxQueued(16).build());
        try (AutoCloseable lock = lock()) {
            for (int i = 0; i < 20; i++) {
                store.append(StoreHarness.call().build());
            }
        }
        Await.until("the gap is written", () -> StoreHarness.gaps(store).size() == 1);
    }

    @Test
    void activitiesThatWaitedTooLongAreGivenUpAndNoLossIsForgotten() throws Exception {
        ActivityStore store = harness.open(
                StoreOptions.builder().writeTimeout(Duration.ofMillis(50)).build());
        try (AutoCloseable lock = lock()) {
            for (int i = 0; i < 3; i++) {
                AgentHubException failure = Await.failure(
                        AgentHubException.class,
                        store.append(StoreHarness.call().build()));
                assertEquals(ErrorKind.INTERNAL, failure.kind());
            }
            Await.until("the loss was tried to be written", () -> store.status().dropped() == 3);
        }
        Await.until("the store recovers", () -> {
            store.append(StoreHarness.call().build());
            return store.status().problem().isEmpty()
                    && !StoreHarness.gaps(store).isEmpty();
        });
        long told = 0;
        for (Activity gap : StoreHarness.gaps(store)) {
            Matcher count =
                    Pattern.compile("^(\\d+) activit").matcher(gap.detail().orElse(""));
            assertTrue(count.find(), gap.detail()::toString);
            told += Long.parseLong(count.group(1));
        }
        assertEquals(store.status().dropped(), told);
    }

    @Test
    void aDriverThatIsNotThereRefusesTheStart() {
        SqliteOptions options = SqliteOptions.of(harness.file);
        Database broken = new DelegatingDatabase(new SqliteDatabase(options, harness.context.scheduler())) {
            @Override
            public Connection connectWriter() {
                throw new NoClassDefFoundError("org/example/Driver");
            }
        };
        ActivityLog store = new ActivityLog(broken, options.store(), harness.context);
        ActivityStoreException failure = Await.failure(ActivityStoreException.class, store.open());
        assertTrue(failure.getMessage().contains("org/example/Driver"), failure.getMessage());
        StoreHarness.close(store);
    }

    @Test
    void aQueryThatEndsInAnErrorOfTheMachineFails() {
        SqliteOptions options = SqliteOptions.of(harness.file);
        AtomicInteger errors = new AtomicInteger(1);
        Database broken = new DelegatingDatabase(new SqliteDatabase(options, harness.context.scheduler())) {
            @Override
            public Connection connectReader() throws SQLException {
                if (errors.getAndDecrement() > 0) {
                    throw new StackOverflowError();
                }
                return super.connectReader();
            }
        };
        ActivityLog store = new ActivityLog(broken, options.store(), harness.context);
        Await.value(store.open());
        try {
            ActivityQuery all = ActivityQuery.builder().build();
            assertInstanceOf(
                    StackOverflowError.class,
                    Await.outcome(Await.PATIENCE, store.find(all)).failure());
            assertTrue(Await.value(store.find(all)).activities().isEmpty(), "the next one is answered");
        } finally {
            StoreHarness.close(store);
        }
    }

    @Test
    void closingIsBoundedAlsoWhenNothingCanBeWritten() throws Exception {
        ActivityStore store = harness.open(
                StoreOptions.builder().closeTimeout(Duration.ofMillis(200)).build());
        try (AutoCloseable lock = lock()) {
            CompletionStage<Long> waiting = store.append(StoreHarness.call().build());
            CompletionStage<Long> alsoWaiting = store.append(StoreHarness.call().build());
            long begin = System.nanoTime();
            Await.value(store.closeAsync());
            assertTrue(System.nanoTime() - begin < Duration.ofSeconds(15).toNanos());
            Await.failure(AgentHubException.class, waiting);
            Await.failure(AgentHubException.class, alsoWaiting);
        }
    }

    @Test
    void queriesBeyondTheBoundAreRefused() {
        ActivityStore store = harness.open(
                StoreOptions.builder().readers(1).maxQueuedQueries(1).build());
        StoreHarness.fill(store, 3_000);
        List<CompletionStage<ActivityPage>> stages = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            stages.add(store.find(ActivityQuery.builder().text("tool").build()));
        }
        long refused = stages.stream()
                .map(stage -> Await.outcome(Await.PATIENCE, stage).failure())
                .filter(failure -> {
                    assertTrue(failure == null || failure instanceof BusyException, () -> String.valueOf(failure));
                    return failure != null;
                })
                .count();
        assertTrue(refused > 0 && refused < 200, () -> refused + " refused");
    }

    @Test
    void aQueryThatTakesTooLongIsEndedAndTheNextIsAnswered() throws SQLException {
        ActivityStore store = harness.open(
                StoreOptions.builder().queryTimeout(Duration.ofMillis(10)).build());
        StoreHarness.fill(store, 20);
        // Ten million joined rows take seconds; the name is rare enough to be looked for in all of them.
        harness.execute("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400000)"
                + " INSERT INTO name (hash, text) SELECT i, 'filler ' || i FROM n");
        AgentHubException failure = Await.failure(
                AgentHubException.class,
                store.find(ActivityQuery.builder().text("nowhere").build()));
        assertEquals(ErrorKind.INTERNAL, failure.kind());
        ActivityQuery quick = ActivityQuery.builder().counted(false).limit(1).build();
        Await.until(
                "a quick one is answered",
                () -> store.find(quick)
                        .handle((page, trouble) -> trouble == null)
                        .toCompletableFuture()
                        .join());
    }

    @Test
    void aClockThatIsSetBackDisturbsNothing() {
        ActivityStore store = harness.open();
        Instant now = Instant.now();
        StoreHarness.append(
                store,
                Activity.builder(Kind.CALL, now.plus(Duration.ofDays(400))).build());
        StoreHarness.append(
                store,
                Activity.builder(Kind.CALL, now.minus(Duration.ofDays(40))).build());
        StoreHarness.append(
                store,
                Activity.builder(Kind.CALL, now.plus(Duration.ofDays(400))).build());
        StoreHarness.append(store, Activity.builder(Kind.CALL, now).build());
        StoreHarness.append(
                store,
                Activity.builder(Kind.CALL, now.minus(Duration.ofDays(50))).build());
        // The first two: one is old, and one before it claims to be young. The last is old by its clock alone.
        assertEquals(2, Await.value(store.cleanup(Retention.ofAge(Duration.ofDays(30)))));
        assertEquals(
                List.of(5L, 4L, 3L),
                StoreHarness.newest(store).stream().map(Activity::sequence).toList());
        assertTrue(StoreHarness.verify(store).intact());
        assertEquals(
                1,
                Await.value(store.find(ActivityQuery.builder()
                                .from(now.minusSeconds(1))
                                .until(now.plusSeconds(1))
                                .build()))
                        .total()
                        .orElse(-1));
    }

    @Test
    void retentionRunsByItself() {
        ActivityStore store = harness.open();
        StoreHarness.fill(store, 20);
        StoreHarness.close(store);
        ActivityStore again = harness.open(StoreOptions.builder()
                .retention(Retention.ofAge(Duration.ofHours(1)))
                .build());
        Await.until("the old are gone", () -> StoreHarness.newest(again).isEmpty());
        assertEquals(21, StoreHarness.append(again, StoreHarness.call().build()));
    }

    @Test
    void retentionAtTheStartLeavesAloneWhatIsAppendedDuringIt() {
        // Opened and appended to in one go on the writer's own thread: the first activity is there before the first
        // sweep.
        TckContext inline = TckContext.real(Runnable::run);
        try {
            ActivityStore store = SqliteActivityStoreProvider.create(SqliteOptions.of(harness.file), inline);
            Activity old = Activity.builder(Kind.CALL, Instant.now().minus(Duration.ofDays(300)))
                    .tool("kept")
                    .build();
            CompletionStage<Long> appended = store.open().thenCompose(nothing -> store.append(old));
            assertEquals(1, Await.value(appended));
            assertEquals(0, Await.value(store.cleanup(Retention.FOREVER)), "what was begun before is done by then");
            assertEquals(1, StoreHarness.newest(store).size());
            StoreHarness.close(store);
        } finally {
            inline.close();
        }
    }

    @Test
    void aStoreThatShrinksGivesItsSpaceBack() throws Exception {
        ActivityStore store = harness.open();
        StoreHarness.fill(store, 10_000);
        long before = store.status().bytes();
        Await.value(store.cleanup(Retention.ofBytes(before / 4)));
        assertTrue(store.status().bytes() <= before / 4, store.status()::toString);
        StoreHarness.close(store);
        assertTrue(java.nio.file.Files.size(harness.file) < before / 2);
        try (Connection connection = harness.connect()) {
            assertEquals("ok", StoreHarness.first(connection, "PRAGMA integrity_check"));
            String unused = "SELECT count(*) FROM name WHERE text LIKE 'Number %' AND id NOT IN"
                    + " (SELECT value FROM facet WHERE dim = 9)";
            assertEquals("0", StoreHarness.first(connection, unused), "names that nobody refers to are gone");
            String sums = "SELECT sum(n) FROM rollup WHERE dim = 0";
            assertEquals(
                    StoreHarness.first(connection, "SELECT sum(last - first + 1) FROM segment"),
                    StoreHarness.first(connection, sums));
        }
    }

    @Test
    void nothingIsLeftRunningAfterClosing() {
        ActivityStore store = harness.open();
        StoreHarness.fill(store, 10);
        StoreHarness.newest(store);
        StoreHarness.close(store);
        StoreHarness.awaitNoThreads();
        assertFalse(
                store.append(StoreHarness.call().build()).toCompletableFuture().isCancelled());
    }
}
