package io.agenthub.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.activity.Activity.Kind;
import io.agenthub.api.activity.ActivityStore;
import io.agenthub.api.activity.ChainHead;
import io.agenthub.api.activity.Retention;
import io.agenthub.api.activity.Verification;
import io.agenthub.api.activity.Verification.Fault;
import io.agenthub.api.activity.Verification.Problem;
import io.agenthub.store.Scalpel.Cut;
import io.agenthub.tck.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whoever changes the file is found out, by the right row. The number of attempts is the system property {@code
 * agenthub.tamperings}, 150 by default.
 */
@Timeout(3_600)
class TamperTest {
    private static final int ROWS = 60;
    private static final int TIMES = Integer.getInteger("agenthub.tamperings", 150);
    private static final List<UnaryOperator<EntryDraft>> NUMBERS = List.of(
            changed(draft -> draft.micros++),
            changed(draft -> draft.shape.kind = Kind.SERVER),
            changed(draft -> draft.nanos++),
            changed(draft -> draft.bytesIn++),
            changed(draft -> draft.bytesOut++),
            changed(draft -> draft.shape.status = 503));
    private static final List<UnaryOperator<EntryDraft>> TEXTS = List.of(
            changed(draft -> draft.shape.server = "another"),
            changed(draft -> draft.shape.peer = "{}"),
            changed(draft -> draft.shape.era = "{}"),
            changed(draft -> draft.shape.detail = "{}"),
            changed(draft -> draft.requestId = "{}"),
            changed(draft -> draft.request = EntryDraft.utf8("{}")),
            changed(draft -> draft.response = EntryDraft.utf8("{}")));
    private static final int WAYS = 10;

    private final Random random = new Random(Long.getLong("agenthub.test.seed", 12));

    @TempDir
    private Path folder;

    private StoreHarness harness;
    private ChainHead head;
    private Path original;

    @BeforeEach
    void write() throws IOException, SQLException {
        harness = new StoreHarness(folder);
        ActivityStore store = harness.open();
        StoreHarness.fill(store, ROWS / 2);
        StoreHarness.close(store);
        // So that links of either form are tampered with.
        harness.relinkAsBefore();
        store = harness.open();
        StoreHarness.fill(store, ROWS - ROWS / 2);
        head = StoreHarness.verify(store).head().orElseThrow();
        StoreHarness.close(store);
        original = Files.copy(harness.file, folder.resolve("original"));
    }

    @AfterEach
    void end() {
        harness.close();
    }

    /** What somebody did, and what the check must say. */
    private record Tampering(String what, Fault fault, boolean anyRow) {

        Tampering(String what, Fault fault) {
            this(what, fault, false);
        }

        void check(@Nullable Fault found) {
            if (anyRow) {
                assertNotNull(found, what);
                assertTrue(found.sequence() <= ROWS + 1, () -> what + ": " + found);
            } else {
                assertEquals(fault, found, what);
            }
        }
    }

    private static UnaryOperator<EntryDraft> changed(Consumer<EntryDraft> change) {
        return draft -> {
            change.accept(draft);
            return draft;
        };
    }

    @Test
    void everyTamperingIsFoundAndNamesTheFirstBadRow() throws SQLException, IOException {
        int found = 0;
        for (int i = 0; i < TIMES; i++) {
            for (String companion : List.of("-wal", "-shm")) {
                Files.deleteIfExists(harness.file.resolveSibling("activity.db" + companion));
            }
            Files.copy(original, harness.file, StandardCopyOption.REPLACE_EXISTING);
            Tampering tampering;
            try (Connection connection = harness.connect()) {
                connection.setAutoCommit(false);
                tampering = tamper(connection, i % WAYS);
                connection.commit();
            }
            ActivityStore store = harness.open();
            Verification verification = StoreHarness.verify(store, head);
            tampering.check(verification.fault().orElse(null));
            StoreHarness.close(store);
            found++;
        }
        System.out.printf("Figure 12: %d of %d tamperings found, each with the right row%n", found, TIMES);
    }

    @Test
    void whatRetentionRemovesIsNoTampering() {
        ActivityStore store = harness.open();
        int pruned = 0;
        long began = System.nanoTime();
        for (int i = 0; i < TIMES; i++) {
            StoreHarness.fill(store, 1 + random.nextInt(20));
            ChainHead before = store.status().head().orElseThrow();
            if (random.nextInt(30) == 0) {
                Await.value(store.clear());
            } else {
                // The activities are of two hours ago, give or take how long this test runs.
                Instant now = Instant.now();
                long age = 7_200_000L + random.nextInt(Math.max(1, (int) ((System.nanoTime() - began) / 1_000_000)));
                Await.value(store.cleanup(Retention.ofAge(java.time.Duration.ofMillis(age))));
                assertTrue(Instant.now().isAfter(now.minusSeconds(1)));
            }
            Verification verification = StoreHarness.verify(store, before);
            assertTrue(verification.intact(), verification::toString);
            pruned++;
        }
        System.out.printf("Figure 12: 0 false alarms in %d prunings%n", pruned);
    }

    private Tampering tamper(Connection connection, int way) throws SQLException {
        if (way == WAYS - 1) {
            return flip(connection);
        }
        Scalpel scalpel = new Scalpel(connection);
        scalpel.open();
        Tampering tampering = tamper(scalpel, way, 2 + random.nextInt(ROWS - 3));
        if (random.nextBoolean()) {
            scalpel.close();
        }
        return tampering;
    }

    private Tampering tamper(Scalpel record, int way, int row) throws SQLException {
        return switch (way) {
            case 0 -> change(record, row, NUMBERS);
            case 1 -> change(record, row, TEXTS);
            case 2 -> changeLink(record, row);
            case 3 -> delete(record, row);
            case 4 -> swap(record, row);
            case 5 -> insert(record);
            case 6 -> truncate(record, row);
            case 7 -> forgeAnchor(record, row);
            default -> rewrite(record, row);
        };
    }

    /** Changes one bit, as a disk might. */
    private Tampering flip(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet segment = statement.executeQuery("SELECT data FROM segment ORDER BY random() LIMIT 1");
                PreparedStatement update = connection.prepareStatement("UPDATE segment SET data = ? WHERE data = ?")) {
            segment.next();
            byte[] data = segment.getBytes(1);
            update.setBytes(2, data.clone());
            int bit = random.nextInt(8 * data.length);
            data[bit / 8] ^= (byte) (1 << bit % 8);
            update.setBytes(1, data);
            assertEquals(1, update.executeUpdate());
            return new Tampering("bit " + bit, new Fault(1, Problem.CHANGED), true);
        }
    }

    private Tampering change(Scalpel record, int row, List<UnaryOperator<EntryDraft>> changes) throws SQLException {
        int change = random.nextInt(changes.size());
        record.replace(record.at(row).with(changes.get(change)));
        return new Tampering("change " + change + " of " + row, new Fault(row, Problem.CHANGED));
    }

    private Tampering changeLink(Scalpel record, int row) throws SQLException {
        byte[] link = new byte[32];
        random.nextBytes(link);
        record.replace(record.at(row).with(new Hash(link)));
        return new Tampering("link of " + row, new Fault(row, Problem.CHANGED));
    }

    private Tampering delete(Scalpel record, int row) throws SQLException {
        int last = Math.min(ROWS - 1, row + random.nextInt(5));
        record.execute("DELETE FROM segment WHERE first BETWEEN " + row + " AND " + last);
        return new Tampering("deletion from " + row, new Fault(row, Problem.MISSING));
    }

    private static Tampering swap(Scalpel record, int row) throws SQLException {
        Cut one = record.at(row);
        Cut other = record.at(row + 1L);
        record.replace(new Cut(row, other.entry(), other.link(), other.form()));
        record.replace(new Cut(row + 1L, one.entry(), one.link(), one.form()));
        return new Tampering("swap at " + row, new Fault(row, Problem.CHANGED));
    }

    private Tampering insert(Scalpel record) throws SQLException {
        boolean early = random.nextBoolean();
        int row = early ? 0 : ROWS + 1;
        Cut copied = record.at(5);
        record.insert(new Cut(row, copied.entry(), copied.link(), copied.form()));
        return new Tampering("insertion of " + row, new Fault(row, Problem.UNEXPECTED));
    }

    /** Removes the newest and says that there never were any. */
    private static Tampering truncate(Scalpel record, int row) throws SQLException {
        String link = record.at(row).link().hex();
        record.execute("DELETE FROM segment WHERE first > " + row);
        record.execute("UPDATE chain SET head = " + row + ", head_hash = x'" + link + "'");
        return new Tampering("truncation after " + row, new Fault(row + 1L, Problem.MISSING));
    }

    /** Removes the oldest as if retention had. */
    private static Tampering forgeAnchor(Scalpel record, int row) throws SQLException {
        String link = record.at(row).link().hex();
        record.execute("UPDATE chain SET anchor = " + row + ", anchor_hash = x'" + link + "'");
        record.execute("DELETE FROM segment WHERE first <= " + row);
        return new Tampering("anchor at " + row, new Fault(row, Problem.FORGED_ANCHOR));
    }

    /** Changes an activity and every link after it, as somebody can who knows how links are made. */
    private static Tampering rewrite(Scalpel record, int row) throws SQLException {
        record.replace(record.at(row).with(changed(draft -> draft.nanos++)));
        Hash link = record.at(row - 1L).link();
        Chain chain = new Chain();
        for (Cut cut : record.all()) {
            if (cut.sequence() >= row) {
                link = chain.link(link, cut.entry(), cut.sequence(), cut.form());
                record.replace(cut.with(link));
            }
        }
        record.execute("UPDATE chain SET head_hash = x'" + link.hex() + "'");
        return new Tampering("rewriting from " + row, new Fault(ROWS, Problem.REWRITTEN));
    }
}
