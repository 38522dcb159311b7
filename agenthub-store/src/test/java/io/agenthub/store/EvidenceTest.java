package io.agenthub.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.activity.Activity;
import io.agenthub.api.activity.Activity.Kind;
import io.agenthub.api.activity.ActivityStore;
import io.agenthub.api.activity.Retention;
import io.agenthub.api.activity.Verification;
import io.agenthub.api.activity.Verification.Fault;
import io.agenthub.api.activity.Verification.Problem;
import io.agenthub.store.Scalpel.Cut;
import io.agenthub.tck.Await;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Retention does not tidy away what somebody has changed, and if it must, it says so. */
class EvidenceTest {
    private static final int ROWS = 600;
    private static final Retention FORTY_DAYS = Retention.ofAge(Duration.ofDays(40));

    @TempDir
    private Path folder;

    private StoreHarness harness;

    @BeforeEach
    void begin() {
        harness = new StoreHarness(folder);
        ActivityStore store = open();
        StoreHarness.fill(
                store,
                0,
                ROWS,
                i -> Activity.builder(Kind.CALL, daysAgo(20))
                        .server("time")
                        .requestId(String.valueOf(i))
                        .build());
        StoreHarness.close(store);
    }

    @AfterEach
    void end() {
        harness.close();
    }

    private static Instant daysAgo(int days) {
        return Instant.now().minus(Duration.ofDays(days));
    }

    private ActivityStore open() {
        return harness.open(StoreOptions.builder().retention(FORTY_DAYS).build());
    }

    /** Lets the retention run that is there by itself, and once more. */
    private static long retain(ActivityStore store, Retention retention) {
        Await.value(store.cleanup(FORTY_DAYS));
        return Await.value(store.cleanup(retention));
    }

    private void makeLookOld(int sequence) throws SQLException {
        try (Connection connection = harness.connect()) {
            Scalpel record = new Scalpel(connection);
            record.open();
            Cut cut = record.at(sequence);
            record.replace(cut.with(draft -> {
                draft.micros = Entry.micros(daysAgo(50));
                return draft;
            }));
        }
    }

    private static Optional<Fault> fault(ActivityStore store) {
        Verification verification = StoreHarness.verify(store);
        return verification.fault();
    }

    @Test
    void whoMakesAnActivityLookOldHasItNotRemoved() throws SQLException {
        makeLookOld(1);
        ActivityStore store = open();
        assertEquals(0, retain(store, FORTY_DAYS));
        assertEquals(Optional.of(new Fault(1, Problem.CHANGED)), fault(store));
    }

    @Test
    void whatCannotBeReadIsNotOld() throws SQLException {
        harness.execute("UPDATE segment SET data = x'00' WHERE first = 1");
        ActivityStore store = open();
        assertEquals(0, retain(store, FORTY_DAYS));
        assertEquals(1, fault(store).orElseThrow().sequence());
        assertTrue(StoreHarness.gaps(store).isEmpty());
    }

    @Test
    void itGoesWhenOneGoesThatIsYoungerAndIsNamed() throws SQLException {
        makeLookOld(2);
        ActivityStore store = open();
        assertEquals(ROWS, retain(store, Retention.ofAge(Duration.ofDays(10))));
        Await.until("that is in the record", () -> StoreHarness.gaps(store).size() == 1);
        String detail = StoreHarness.gaps(store).get(0).detail().orElseThrow();
        assertTrue(detail.contains("activity 2,"), detail);
        assertEquals(Optional.empty(), fault(store));
    }

    @Test
    void theBoundInBytesHoldsAllTheSame() throws SQLException {
        harness.execute("UPDATE segment SET data = x'00' WHERE first = 1");
        ActivityStore store = open();
        StoreHarness.fill(store, 20_000);
        Await.until("it is known how much there is", () -> store.status().bytes() > 1_000_000);
        assertTrue(retain(store, Retention.ofBytes(store.status().bytes() / 2)) > 0);
        Await.until("that is in the record", () -> StoreHarness.gaps(store).size() == 1);
        String detail = StoreHarness.gaps(store).get(0).detail().orElseThrow();
        assertTrue(detail.contains("activity 1,"), detail);
    }

    @Test
    void whatIsBeyondRepairGoesForItsAgeOnlyWhereThereIsABoundToThat() throws SQLException {
        ActivityStore before = open();
        StoreHarness.fill(before, 5_000);
        StoreHarness.close(before);
        harness.execute("UPDATE segment SET data = x'00' WHERE last <= 4800");
        ActivityStore store =
                harness.open(StoreOptions.builder().retention(Retention.FOREVER).build());
        assertEquals(0, Await.value(store.cleanup(Retention.FOREVER)));
        assertEquals(1, fault(store).orElseThrow().sequence());
        assertEquals(4_000, Await.value(store.cleanup(FORTY_DAYS)), "as many as are looked at");
        Await.until("that is in the record", () -> StoreHarness.gaps(store).size() == 1);
    }
}
