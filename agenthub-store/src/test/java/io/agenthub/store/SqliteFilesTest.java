package io.agenthub.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.ErrorKind;
import io.agenthub.api.activity.Activity;
import io.agenthub.api.activity.ActivityQuery;
import io.agenthub.api.activity.ActivityStore;
import io.agenthub.api.activity.ActivityStoreException;
import io.agenthub.api.activity.ChainHead;
import io.agenthub.api.activity.Retention;
import io.agenthub.api.breaker.BreakerState;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.tck.Await;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What the store does about files: whose they are, who else uses them, and what is in them already. */
class SqliteFilesTest {
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
    void whatWasWrittenIsThereAfterReopeningAndTheChainGoesOn() {
        ActivityStore store = harness.open();
        StoreHarness.fill(store, 10);
        StoreHarness.close(store);
        ActivityStore again = harness.open();
        assertEquals(11, StoreHarness.append(again, StoreHarness.call().build()));
        assertEquals(11, StoreHarness.newest(again).size());
        assertTrue(StoreHarness.verify(again).intact());
    }

    @Test
    void afterClosingTheFileIsWholeByItself() {
        for (int i = 0; i < 10; i++) {
            ActivityStore store = harness.open();
            StoreHarness.fill(store, 10);
            StoreHarness.newest(store);
            StoreHarness.close(store);
            assertFalse(Files.exists(harness.file.resolveSibling("activity.db-wal")), "all is in the one file");
        }
    }

    @Test
    void aSecondHubOnTheSameFileIsRefusedAndTheFirstGoesOn() {
        ActivityStore first = harness.open();
        ActivityStoreException refusal = Await.failure(
                ActivityStoreException.class,
                harness.create(SqliteOptions.of(harness.file)).open());
        assertEquals(ErrorKind.BAD_CONFIGURATION, refusal.kind());
        assertTrue(refusal.getMessage().contains("in use by another hub"), refusal.getMessage());
        assertTrue(
                refusal.getMessage()
                        .contains(String.valueOf(ProcessHandle.current().pid())),
                refusal.getMessage());
        assertEquals(1, StoreHarness.append(first, StoreHarness.call().build()));
        StoreHarness.close(first);
        assertEquals(2, StoreHarness.append(harness.open(), StoreHarness.call().build()));
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void filesAndFoldersAreForThisUserAlone() throws IOException {
        harness.close();
        harness = new StoreHarness(folder.resolve("new/deeper"));
        ActivityStore store = harness.open();
        StoreHarness.fill(store, 1_500);
        Path heads = harness.file.resolveSibling("activity.db.heads");
        Await.until("the heads are exported", () -> Files.exists(heads));
        assertEquals("rwx------", permissions(harness.file.getParent()));
        try (Stream<Path> files = Files.list(harness.file.getParent())) {
            List<Path> all = files.toList();
            assertTrue(all.size() >= 4, all::toString);
            assertTrue(all.contains(heads), all::toString);
            for (Path file : all) {
                assertEquals("rw-------", permissions(file), file::toString);
            }
        }
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void filesThatOthersCouldReadAreClosedToThem() throws IOException {
        StoreHarness.close(harness.open());
        Files.setPosixFilePermissions(harness.file, PosixFilePermissions.fromString("rw-rw-rw-"));
        harness.open();
        assertEquals("rw-------", permissions(harness.file));
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void aFolderThatEverybodyCanWriteIsRefused() throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertRefused("writable for everybody");
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void aLinkInThePlaceOfAFileIsRefusedAndItsTargetUntouched() throws IOException {
        Path target = Files.writeString(folder.resolve("precious"), "precious");
        for (String suffix : List.of("", ".key", ".lock", "-wal", ".heads")) {
            Path link = harness.file.resolveSibling("activity.db" + suffix);
            Files.createSymbolicLink(link, target);
            assertRefused("links are not followed");
            Files.delete(link);
        }
        assertEquals("precious", Files.readString(target));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aFolderThatCannotBeWrittenIsNamed() {
        ActivityStoreException refusal = Await.failure(
                ActivityStoreException.class,
                harness.create(SqliteOptions.of(Path.of("/proc/activity.db"))).open());
        assertEquals(ErrorKind.BAD_CONFIGURATION, refusal.kind());
        assertTrue(refusal.getMessage().contains("/proc/activity.db"), refusal.getMessage());
    }

    @Test
    void theDatabaseOfAnotherProgramIsRefusedAndUntouched() throws SQLException, IOException {
        harness.execute("CREATE TABLE theirs (x)", "INSERT INTO theirs VALUES (5)");
        Files.setPosixFilePermissions(harness.file, PosixFilePermissions.fromString("rw-r--r--"));
        byte[] before = Files.readAllBytes(harness.file);
        assertRefused("another program");
        assertArrayEquals(before, Files.readAllBytes(harness.file), "not even how it keeps its log");
        assertEquals(
                "rw-r--r--",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(harness.file)),
                "nor whose it is");
        try (var connection = harness.connect()) {
            assertEquals("5", StoreHarness.first(connection, "SELECT x FROM theirs"));
        }
    }

    @Test
    void aKeyThatWasNotFinishedIsMadeAnew() throws IOException {
        Path unfinished = harness.file.resolveSibling("activity.db.key.new");
        Files.write(unfinished, new byte[3]);
        StoreHarness.close(harness.open());
        assertEquals(32, Files.size(harness.file.resolveSibling("activity.db.key")));
        assertTrue(Files.notExists(unfinished));
    }

    @Test
    void aFileOfANewerVersionIsRefused() throws SQLException {
        StoreHarness.close(harness.open());
        harness.execute("PRAGMA user_version = 99");
        assertRefused("newer AgentHub");
    }

    @Test
    void aFileOfTheFirstVersionIsMigratedAndItsChainGoesOn() throws SQLException, IOException {
        ActivityStore store = harness.open();
        StoreHarness.fill(store, 19);
        StoreHarness.append(
                store, StoreHarness.call().detail("the disk was away").build());
        StoreHarness.close(store);
        try (Connection connection = harness.connect()) {
            UnpackedRecord.unpack(connection, "blob");
        }
        Files.delete(harness.headsFile());
        harness.execute(
                "ALTER TABLE activity DROP COLUMN request_hash",
                "DROP TABLE cube",
                "DROP TABLE cube_day",
                "DROP TABLE rollup_day",
                "DROP TABLE facet");
        for (String column : List.of("client", "server", "method", "tool", "outcome", "status", "detail", "kind")) {
            harness.execute("CREATE INDEX activity_" + column + " ON activity (" + column + ")");
        }
        harness.execute("PRAGMA user_version = 1");
        ActivityStore migrated = harness.open();
        Activity call = StoreHarness.call().request(JsonText.of("{}")).build();
        assertEquals(21, StoreHarness.append(migrated, call));
        assertTrue(StoreHarness.newest(migrated).get(0).requestHash().isPresent());
        assertTrue(StoreHarness.newest(migrated).get(1).requestHash().isEmpty());
        assertTrue(StoreHarness.verify(migrated).intact(), "what was written before is still sealed");
        ActivityQuery selection =
                ActivityQuery.builder().client("client-1").tool("tool-2").build();
        assertEquals(
                1,
                Await.value(migrated.statistics(selection, Duration.ofHours(1))).total(),
                "sums are made of what was there");
        ActivityQuery text = ActivityQuery.builder().text("was away").build();
        assertEquals(
                1, Await.value(migrated.statistics(text, Duration.ofHours(1))).total(), "of details, too");
        assertEquals(
                1,
                Await.value(migrated.find(selection)).activities().size(),
                "what leads to activities is made of what was there");
        StoreHarness.close(migrated);
        assertEquals(21, StoreHarness.newest(harness.open()).size());
    }

    @Test
    void activitiesOfAVersionThatHadARowForEachArePacked() throws SQLException, IOException {
        StoreOptions bodies = StoreOptions.builder().bodies(true).build();
        ActivityStore store = harness.open(bodies);
        StoreHarness.fill(store, 9_000);
        StoreHarness.append(
                store,
                StoreHarness.call()
                        .request(JsonText.of("{\"a\":1}"))
                        .response(JsonText.of("[\"\u00fc\"]"))
                        .breaker(BreakerState.HALF_OPEN)
                        .peer("127.0.0.1")
                        .era("modern")
                        .build());
        Await.until("the store has looked how large it is", () -> store.status().bytes() > 9_000 * 50);
        Await.value(store.cleanup(Retention.ofBytes(store.status().bytes() / 2)));
        List<Activity> before = StoreHarness.newest(store);
        ChainHead head = store.status().head().orElseThrow();
        StoreHarness.close(store);
        try (Connection connection = harness.connect()) {
            connection.setAutoCommit(false);
            head = new ChainHead(
                    head.sequence(),
                    head.at(),
                    UnpackedRecord.unpack(connection, "blob").hex());
            connection.commit();
        }
        Files.delete(harness.headsFile());
        harness.execute("CREATE TABLE bit (n INTEGER PRIMARY KEY)", "PRAGMA user_version = 6");

        ActivityStore migrated = harness.open(bodies);
        assertEquals(before, StoreHarness.newest(migrated));
        assertTrue(StoreHarness.verify(migrated, head).intact());
        ActivityQuery one = ActivityQuery.builder().requestId("8765").build();
        assertEquals(1, Await.value(migrated.find(one)).activities().size());
        assertEquals(9_002, StoreHarness.append(migrated, StoreHarness.call().build()));
        assertTrue(StoreHarness.verify(migrated, head).intact());
    }

    @Test
    void closingDoesNotWaitForTheRetentionToBeDone() {
        StoreOptions forever =
                StoreOptions.builder().retention(Retention.FOREVER).build();
        ActivityStore store = harness.open(forever);
        StoreHarness.fill(store, 20_000);
        StoreHarness.close(store);
        StoreHarness.close(harness.open(
                StoreOptions.builder().retention(Retention.ofBytes(1)).build()));
        assertFalse(StoreHarness.newest(harness.open(forever)).isEmpty(), "it goes on where it was when there is time");
    }

    @Test
    void aMigrationThatWasInterruptedIsDoneAgain() throws SQLException, IOException {
        Files.createFile(harness.file);
        harness.execute("PRAGMA auto_vacuum = INCREMENTAL", "PRAGMA application_id = " + 0x41674862);
        assertEquals(1, StoreHarness.append(harness.open(), StoreHarness.call().build()));
    }

    @Test
    void aFileThatIsNoDatabaseIsKeptAsideAndANewOneBegun() throws IOException {
        byte[] garbage = new byte[20_000];
        new Random(5).nextBytes(garbage);
        Files.write(harness.file, garbage);
        ActivityStore store = harness.open();
        assertEquals(2, StoreHarness.append(store, StoreHarness.call().build()), "the first tells of the damage");
        assertToldOfDamage(store);
        assertTrue(aside().stream().anyMatch(file -> isContent(file, garbage)), () -> aside().toString());
    }

    @Test
    void aFileWithFlippedPagesIsKeptAsideAndANewOneBegun() throws IOException {
        ActivityStore store = harness.open();
        StoreHarness.fill(store, 500);
        StoreHarness.close(store);
        flip(harness.file, 2);
        ActivityStore again = harness.open();
        StoreHarness.append(again, StoreHarness.call().build());
        assertToldOfDamage(again);
        assertTrue(StoreHarness.verify(again).intact());
        assertFalse(aside().isEmpty());
    }

    @Test
    void damageThatAQueryMeetsWhileTheStoreRunsIsDealtWithToo() throws IOException, SQLException {
        ActivityStore store = harness.open();
        StoreHarness.fill(store, 5_000);
        try (var connection = harness.connect()) {
            StoreHarness.first(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
        }
        flip(harness.file, 2);
        Await.until("a query meets the damage and a new store is begun", () -> {
            store.verify(List.of())
                    .toCompletableFuture()
                    .exceptionally(failure -> null)
                    .join();
            store.append(StoreHarness.call().build());
            return !aside().isEmpty();
        });
        Await.until(
                "it is written again",
                () -> store.append(StoreHarness.call().build())
                        .handle((sequence, failure) -> failure == null)
                        .toCompletableFuture()
                        .join());
        assertToldOfDamage(store);
        assertTrue(StoreHarness.verify(store).intact());
    }

    @Test
    void aMissingKeyMakesTheOldAnchorForeignAndSaysSo() throws IOException {
        ActivityStore store = harness.open();
        StoreHarness.fill(store, 3);
        StoreHarness.close(store);
        Files.delete(harness.file.resolveSibling("activity.db.key"));
        assertEquals(
                "FORGED_ANCHOR",
                StoreHarness.verify(harness.open())
                        .fault()
                        .orElseThrow()
                        .problem()
                        .name());
    }

    private void assertRefused(String why) {
        ActivityStore store = harness.create(SqliteOptions.of(harness.file));
        ActivityStoreException refusal = Await.failure(ActivityStoreException.class, store.open());
        assertEquals(ErrorKind.BAD_CONFIGURATION, refusal.kind());
        assertTrue(refusal.getMessage().contains(why), refusal.getMessage());
        StoreHarness.close(store);
    }

    private static void assertToldOfDamage(ActivityStore store) {
        Await.until("the damage is kept", () -> !StoreHarness.gaps(store).isEmpty());
        List<Activity> gaps = StoreHarness.gaps(store);
        String detail = gaps.get(gaps.size() - 1).detail().orElse("");
        assertTrue(detail.contains("damaged") && detail.contains(".damaged-"), detail);
    }

    private List<Path> aside() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().contains("db.damaged-"))
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean isContent(Path file, byte[] content) {
        try {
            return java.util.Arrays.equals(Files.readAllBytes(file), content);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Overwrites the head of every page from one on, which no structure survives. */
    private static void flip(Path file, int firstPage) throws IOException {
        List<Long> pages = new ArrayList<>();
        try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
            for (long page = firstPage - 1L; page * 4_096 < raw.length(); page++) {
                pages.add(page);
                raw.seek(page * 4_096);
                raw.write(new byte[] {77, 77, 77, 77, 77, 77, 77, 77, 77, 77, 77, 77});
            }
        }
        assertFalse(pages.isEmpty());
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
