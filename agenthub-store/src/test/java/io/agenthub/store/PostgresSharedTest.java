package io.agenthub.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.AgentHubException;
import io.agenthub.api.ErrorKind;
import io.agenthub.api.activity.Activity;
import io.agenthub.api.activity.ActivityQuery;
import io.agenthub.api.activity.ActivityStore;
import io.agenthub.api.activity.ActivityStoreException;
import io.agenthub.api.activity.Retention;
import io.agenthub.api.activity.Verification;
import io.agenthub.api.activity.Verification.Problem;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.tck.Await;
import io.agenthub.tck.TckContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.Driver;

/** Several hubs share one record, and the server they share it on has its own troubles. */
@UsesPostgres
class PostgresSharedTest {
    private final TckContext context = TckContext.real();
    private final List<ActivityStore> opened = new ArrayList<>();
    private final PostgresServer server;
    private final PostgresOptions options;

    @TempDir
    private Path folder;

    PostgresSharedTest(PostgresServer server) {
        this.server = server;
        this.options = server.options();
    }

    @AfterEach
    void end() {
        opened.forEach(store -> store.closeAsync().toCompletableFuture().join());
        context.close();
    }

    private ActivityStore create(PostgresOptions chosen) {
        ActivityStore store = PostgresActivityStoreProvider.create(chosen, context);
        opened.add(store);
        return store;
    }

    private ActivityStore open(PostgresOptions chosen) {
        ActivityStore store = create(chosen);
        Await.value(store.open());
        return store;
    }

    private ActivityStore open() {
        return open(options);
    }

    @Test
    void hubsThatWriteAtTheSameTimeMakeOneChainWithoutHolesOrDoubles() throws InterruptedException {
        List<ActivityStore> hubs = List.of(open(), open(), open(), open());
        List<CompletionStage<Long>> stages = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (ActivityStore hub : hubs) {
            String client = "hub-" + threads.size();
            threads.add(new Thread(() -> {
                for (int i = 0; i < 500; i++) {
                    CompletionStage<Long> stage = hub.append(StoreHarness.call()
                            .client(client)
                            .tool("tool-" + i % 7)
                            .bytes(i, 0)
                            .build());
                    synchronized (stages) {
                        stages.add(stage);
                    }
                    if (i % 50 == 49) {
                        Await.value(stage);
                    }
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(
                LongStream.rangeClosed(1, 2_000).boxed().toList(),
                stages.stream().map(Await::value).sorted().toList());
        Verification verification = StoreHarness.verify(hubs.get(2));
        assertTrue(verification.intact(), verification::toString);
        assertEquals(2_000, verification.checked());
        for (int h = 0; h < hubs.size(); h++) {
            List<Activity> own = Await.value(hubs.get(0)
                            .find(ActivityQuery.builder()
                                    .client("hub-" + h)
                                    .limit(1_000)
                                    .build()))
                    .activities();
            assertEquals(500, own.size());
            for (int i = 0; i < own.size(); i++) {
                assertEquals(499 - i, own.get(i).bytesIn(), "the order of each hub is kept");
            }
        }
        assertEquals(
                2_000,
                Await.value(hubs.get(1).statistics(ActivityQuery.ALL, Duration.ofHours(1)))
                        .total());
    }

    @Test
    void whatOneHubRemovesTheOthersDoNotReferTo() {
        ActivityStore one = open();
        ActivityStore two = open();
        StoreHarness.fill(one, 30);
        StoreHarness.append(two, StoreHarness.call().tool("tool-1").build());
        Await.value(one.clear());
        StoreHarness.append(two, StoreHarness.call().tool("tool-1").build());
        assertEquals(
                "tool-1", StoreHarness.newest(one).get(0).tool().orElseThrow(), "its name was removed and made again");
        assertTrue(StoreHarness.verify(two).intact());
        assertEquals(32, StoreHarness.newest(two).get(0).sequence());
    }

    @Test
    void retentionOfOneHubWhileOthersWriteLeavesTheChainWhole() {
        ActivityStore one = open();
        ActivityStore two = open();
        for (int i = 0; i < 10; i++) {
            StoreHarness.fill(two, 50);
            CompletionStage<Long> removal = one.cleanup(Retention.ofAge(Duration.ofHours(1)));
            StoreHarness.fill(two, 50);
            Await.value(removal);
            assertTrue(StoreHarness.verify(one).intact());
        }
        assertTrue(StoreHarness.newest(one).size() <= 50);
    }

    @Test
    void anEqualRequestIsRecognisedByEveryHub() {
        JsonText request = JsonText.of("{\"a\":1}");
        for (ActivityStore hub : List.of(open(), open())) {
            StoreHarness.append(hub, StoreHarness.call().request(request).build());
        }
        List<Activity> both = StoreHarness.newest(opened.get(0));
        assertEquals(
                both.get(0).requestHash().orElseThrow(),
                both.get(1).requestHash().orElseThrow());
    }

    @Test
    void aServerThatIsAwayForAWhileCostsNothingAndDoublesNothing() throws IOException {
        ActivityStore store = open();
        StoreHarness.fill(store, 100);
        List<CompletionStage<Long>> waiting = new ArrayList<>();
        try {
            server.pause();
            for (int i = 0; i < 100; i++) {
                waiting.add(store.append(StoreHarness.call().build()));
            }
            Await.until("the trouble is known", () -> store.status().problem().isPresent());
            Await.failure(AgentHubException.class, store.find(ActivityQuery.ALL));
        } finally {
            server.resume();
        }
        for (int i = 0; i < 100; i++) {
            assertEquals(101 + i, Await.value(waiting.get(i)));
        }
        assertEquals(200, StoreHarness.newest(store).size());
        assertTrue(StoreHarness.verify(store).intact());
        assertEquals(0, store.status().dropped());
    }

    @Test
    void aCommitThatNobodyHeardOfIsNotDoneTwice() {
        PostgresDatabase real = new PostgresDatabase(new Driver(), options, context.scheduler());
        ActivityLog store = new ActivityLog(new ForgetfulDatabase(real), options.store(), context);
        opened.add(store);
        Await.value(store.open());
        assertEquals(1, StoreHarness.append(store, StoreHarness.call().build()));
        assertEquals(2, StoreHarness.append(store, StoreHarness.call().build()));
        assertEquals(2, StoreHarness.newest(store).size());
        assertTrue(StoreHarness.verify(store).intact());
    }

    @Test
    void aConnectionThatIsKilledIsReplaced() throws SQLException {
        ActivityStore store = open();
        StoreHarness.fill(store, 10);
        for (int i = 0; i < 3; i++) {
            StoreHarness.newest(store);
            server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    + " WHERE application_name = 'AgentHub' AND pid <> pg_backend_pid()");
            StoreHarness.append(store, StoreHarness.call().build());
        }
        Await.until(
                "queries are answered again",
                () -> store.find(ActivityQuery.ALL)
                        .handle((page, failure) ->
                                page != null && page.activities().size() == 13)
                        .toCompletableFuture()
                        .join());
    }

    @Test
    void aQueryThatTakesTooLongIsEndedOnTheServerAndTheNextIsAnswered() throws SQLException {
        StoreOptions hasty =
                StoreOptions.builder().queryTimeout(Duration.ofMillis(300)).build();
        ActivityStore store = open(options.store(hasty));
        StoreHarness.fill(store, 10);
        try (Connection blocking = server.connect()) {
            blocking.setAutoCommit(false);
            try (var statement = blocking.createStatement()) {
                statement.execute("LOCK TABLE " + options.schema() + ".segment IN ACCESS EXCLUSIVE MODE");
            }
            AgentHubException failure = Await.failure(AgentHubException.class, store.find(ActivityQuery.ALL));
            assertEquals(ErrorKind.INTERNAL, failure.kind());
            CompletionStage<?> withdrawn = store.find(ActivityQuery.ALL);
            withdrawn.toCompletableFuture().cancel(true);
            blocking.rollback();
        }
        Await.until(
                "a query is answered",
                () -> store.find(ActivityQuery.ALL)
                        .handle((page, trouble) -> trouble == null)
                        .toCompletableFuture()
                        .join());
    }

    @Test
    void activitiesOfAVersionThatHadARowForEachArePacked() throws SQLException {
        ActivityStore store = open();
        StoreHarness.fill(store, 5_000);
        List<Activity> before = StoreHarness.newest(store);
        StoreHarness.close(store);
        try (Connection connection = server.connect()) {
            Scalpel record = new Scalpel(connection);
            record.execute("SET search_path TO " + options.schema());
            UnpackedRecord.unpack(connection, "bytea");
            record.execute("UPDATE store SET version = 4");
        }
        ActivityStore migrated = open();
        assertEquals(before, StoreHarness.newest(migrated));
        assertTrue(StoreHarness.verify(migrated).intact());
    }

    @Test
    void whoeverChangesATableIsFoundOut() throws SQLException {
        ActivityStore store = open();
        StoreHarness.fill(store, 20);
        try (Connection connection = server.connect()) {
            Scalpel record = new Scalpel(connection);
            record.execute("SET search_path TO " + options.schema());
            record.open();
            record.replace(record.at(7).with(draft -> {
                draft.nanos++;
                return draft;
            }));
        }
        Verification verification = StoreHarness.verify(store);
        assertEquals(
                new Verification.Fault(7, Problem.CHANGED), verification.fault().orElseThrow());
    }

    @Test
    void withAKeyOutsideTheDatabaseItsOwnerAloneMovesTheAnchor() throws IOException, SQLException {
        Path key = Files.write(folder.resolve("key"), new byte[32]);
        PostgresOptions sealed = options.keyFile(key);
        ActivityStore store = open(sealed);
        StoreHarness.fill(store, 20);
        Await.value(store.cleanup(Retention.ofBytes(10_000)));
        assertTrue(StoreHarness.verify(store).intact());
        assertNotEquals(20, StoreHarness.newest(store).size());
        ActivityStore keyless = open();
        assertEquals(
                Problem.FORGED_ANCHOR,
                StoreHarness.verify(keyless).fault().orElseThrow().problem());
        Files.write(key, new byte[7]);
        assertRefused(create(sealed), "32 bytes");
    }

    @Test
    void aSchemaOfANewerVersionIsRefused() throws SQLException {
        StoreHarness.close(open());
        server.execute("UPDATE " + options.schema() + ".store SET version = 99");
        assertRefused(create(options), "newer AgentHub");
    }

    @Test
    void aServerThatIsNotThereIsNamedWithoutTheSecrets() {
        PostgresOptions nowhere = PostgresOptions.of("jdbc:postgresql://127.0.0.1:1/postgres?password=hunter2hunter2")
                .login("me", "hunter2hunter2");
        String message = assertRefused(create(nowhere), "cannot be opened");
        assertFalse(message.contains("hunter2"), message);
        assertFalse(nowhere.toString().contains("hunter2"), nowhere.toString());
    }

    @Test
    void whenItIsClosedNoConnectionIsLeft() throws SQLException {
        ActivityStore store = open();
        StoreHarness.fill(store, 10);
        StoreHarness.newest(store);
        StoreHarness.close(store);
        try (Connection connection = server.connect()) {
            Await.until("the connections are gone", () -> {
                try {
                    return StoreHarness.first(
                                    connection,
                                    "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'AgentHub'")
                            .equals("0");
                } catch (SQLException e) {
                    throw new AssertionError(e);
                }
            });
        }
    }

    private static String assertRefused(ActivityStore store, String why) {
        ActivityStoreException refusal = Await.failure(ActivityStoreException.class, store.open());
        assertEquals(ErrorKind.BAD_CONFIGURATION, refusal.kind());
        assertTrue(refusal.getMessage().contains(why), refusal.getMessage());
        return refusal.getMessage();
    }
}
