package io.agenthub.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.ErrorKind;
import io.agenthub.api.activity.ActivityStore;
import io.agenthub.api.activity.ActivityStoreException;
import io.agenthub.api.activity.Retention;
import io.agenthub.tck.Await;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The one writer goes on, whatever goes wrong beside it or comes while it is at something. */
class WriterFaultsTest {
    @TempDir
    private Path folder;

    private StoreHarness harness;
    private SqliteOptions options;

    @BeforeEach
    void begin() {
        harness = new StoreHarness(folder);
        options = SqliteOptions.of(harness.file);
    }

    @AfterEach
    void end() {
        harness.close();
    }

    private ActivityStore open(Database database) {
        ActivityStore store = new ActivityLog(database, options.store(), harness.context);
        Await.value(store.open());
        return store;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void neitherAMistakeNorMemoryThatWasShortOnceEndsTheWriterOrTheRecord(boolean outOfMemory) {
        Database real = new SqliteDatabase(options, harness.context.scheduler());
        StumblingDatabase database = new StumblingDatabase(real, outOfMemory);
        ActivityStore store = open(database);
        try {
            database.commits.set(3);
            assertEquals(1, StoreHarness.append(store, StoreHarness.call().build()), "it was tried again");
            assertEquals(Optional.empty(), store.status().problem());
            database.chores.set(1);
            ActivityStoreException failure =
                    Await.failure(ActivityStoreException.class, store.cleanup(Retention.ofBytes(1)));
            assertEquals(ErrorKind.INTERNAL, failure.kind());
            assertEquals(2, StoreHarness.append(store, StoreHarness.call().build()), "and the writer goes on");
            assertTrue(StoreHarness.verify(store).intact());
        } finally {
            StoreHarness.close(store);
        }
    }

    @Test
    void aCleanupEndsAlthoughActivitiesComeInMeanwhile() {
        AtomicReference<ActivityStore> opened = new AtomicReference<>();
        Database real = new SqliteDatabase(options, harness.context.scheduler());
        ActivityStore store = open(new DelegatingDatabase(real) {
            @Override
            public boolean giveBack(Connection writer) throws SQLException {
                ActivityStore busy = opened.get();
                if (busy != null) {
                    busy.record(StoreHarness.call().client("late").build(), () -> {});
                }
                return super.giveBack(writer);
            }
        });
        try {
            StoreHarness.fill(store, 10);
            opened.set(store);
            assertEquals(10, Await.value(store.cleanup(Retention.ofBytes(0))));
            opened.set(null);
            assertTrue(StoreHarness.newest(store).stream()
                    .allMatch(left -> left.client().equals(Optional.of("late"))));
            assertTrue(StoreHarness.verify(store).intact());
        } finally {
            StoreHarness.close(store);
        }
    }

    @Test
    void retentionPassesWhatIsMissingAtTheBeginning() throws SQLException {
        ActivityStore store = harness.open(options);
        StoreHarness.fill(store, 1_000);
        StoreHarness.close(store);
        harness.execute("DELETE FROM segment WHERE first <= 600");
        ActivityStore again = harness.open(options);
        long removed = Await.value(again.cleanup(Retention.ofBytes(1)));
        assertTrue(removed > 0 && removed < 1_000, () -> removed + " removed");
        assertEquals(1, StoreHarness.gaps(again).size(), "that something was missing is told once");
        assertEquals(1, StoreHarness.newest(again).size(), "and is all that is left");
    }
}
