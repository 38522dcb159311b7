package io.agenthub.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.activity.ActivityStore;
import io.agenthub.api.activity.ChainHead;
import io.agenthub.api.activity.Retention;
import io.agenthub.api.activity.Verification;
import io.agenthub.api.activity.Verification.Fault;
import io.agenthub.api.activity.Verification.Problem;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
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
    private static final List<String> NUMBERS =
            List.of("at", "kind", "nanos", "bytes_in", "bytes_out", "status", "server");
    private static final List<String> TEXTS = List.of("peer", "era", "request_id", "request", "response");

    private final Random random = new Random(Long.getLong("agenthub.test.seed", 12));

    @TempDir
    private Path folder;

    private StoreHarness harness;
    private ChainHead head;
    private Path original;

    @BeforeEach
    void write() throws IOException {
        harness = new StoreHarness(folder);
        ActivityStore store = harness.open();
        StoreHarness.fill(store, ROWS);
        head = StoreHarness.verify(store).head().orElseThrow();
        StoreHarness.close(store);
        original = Files.copy(harness.file, folder.resolve("original"));
    }

    @AfterEach
    void end() {
        harness.close();
    }

    /** What somebody did, and what the check must say. */
    private record Tampering(String what, Fault fault) {}

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
                tampering = tamper(connection, i % 9);
                connection.commit();
            }
            ActivityStore store = harness.open();
            Verification verification = StoreHarness.verify(store, head);
            assertEquals(tampering.fault, verification.fault().orElse(null), tampering.what);
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
        int row = 2 + random.nextInt(ROWS - 3);
        return switch (way) {
            case 0 -> changeNumber(connection, row);
            case 1 -> changeText(connection, row);
            case 2 -> changeLink(connection, row);
            case 3 -> delete(connection, row);
            case 4 -> swap(connection, row);
            case 5 -> insert(connection);
            case 6 -> truncate(connection, row);
            case 7 -> forgeAnchor(connection, row);
            default -> rewrite(connection, row);
        };
    }

    private Tampering changeNumber(Connection connection, int row) throws SQLException {
        String column = NUMBERS.get(random.nextInt(NUMBERS.size()));
        // Names are numbers too; the server's must become that of another name.
        String value = column.equals("server")
                ? "(SELECT method FROM activity WHERE seq = 1)"
                : column.equals("status") ? "503" : "coalesce(" + column + ", 0) + 1";
        execute(connection, "UPDATE activity SET " + column + " = " + value + " WHERE seq = " + row);
        return new Tampering(column + " of " + row, new Fault(row, Problem.CHANGED));
    }

    private Tampering changeText(Connection connection, int row) throws SQLException {
        String column = TEXTS.get(random.nextInt(TEXTS.size()));
        execute(connection, "UPDATE activity SET " + column + " = '{}' WHERE seq = " + row);
        return new Tampering(column + " of " + row, new Fault(row, Problem.CHANGED));
    }

    private static Tampering changeLink(Connection connection, int row) throws SQLException {
        execute(connection, "UPDATE activity SET hash = randomblob(32) WHERE seq = " + row);
        return new Tampering("link of " + row, new Fault(row, Problem.CHANGED));
    }

    private Tampering delete(Connection connection, int row) throws SQLException {
        int last = Math.min(ROWS - 1, row + random.nextInt(5));
        execute(connection, "DELETE FROM activity WHERE seq BETWEEN " + row + " AND " + last);
        return new Tampering("deletion from " + row, new Fault(row, Problem.MISSING));
    }

    private static Tampering swap(Connection connection, int row) throws SQLException {
        execute(
                connection,
                "UPDATE activity SET seq = -1 WHERE seq = " + row,
                "UPDATE activity SET seq = " + row + " WHERE seq = " + (row + 1),
                "UPDATE activity SET seq = " + (row + 1) + " WHERE seq = -1");
        return new Tampering("swap at " + row, new Fault(row, Problem.CHANGED));
    }

    private Tampering insert(Connection connection) throws SQLException {
        boolean early = random.nextBoolean();
        int row = early ? 0 : ROWS + 1;
        execute(
                connection,
                "CREATE TEMP TABLE one AS SELECT * FROM activity WHERE seq = 5",
                "UPDATE one SET seq = " + row,
                "INSERT INTO activity SELECT * FROM one");
        return new Tampering("insertion of " + row, new Fault(row, Problem.UNEXPECTED));
    }

    /** Removes the newest and says that there never were any. */
    private static Tampering truncate(Connection connection, int row) throws SQLException {
        execute(
                connection,
                "DELETE FROM activity WHERE seq > " + row,
                "UPDATE chain SET head = " + row + ", head_hash = (SELECT hash FROM activity WHERE seq = " + row + ")");
        return new Tampering("truncation after " + row, new Fault(row + 1L, Problem.MISSING));
    }

    /** Removes the oldest as if retention had. */
    private static Tampering forgeAnchor(Connection connection, int row) throws SQLException {
        execute(
                connection,
                "UPDATE chain SET anchor = " + row + ", anchor_hash = (SELECT hash FROM activity WHERE seq = " + row
                        + ")",
                "DELETE FROM activity WHERE seq <= " + row);
        return new Tampering("anchor at " + row, new Fault(row, Problem.FORGED_ANCHOR));
    }

    /** Changes an activity and every link after it, as somebody can who knows how links are made. */
    private static Tampering rewrite(Connection connection, int row) throws SQLException {
        execute(connection, "UPDATE activity SET nanos = nanos + 1 WHERE seq = " + row);
        Hash link = Hash.of(blob(connection, "SELECT hash FROM activity WHERE seq = " + (row - 1)));
        Chain chain = new Chain();
        List<Hash> links = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT " + Rows.COLUMNS + " FROM activity a " + Rows.JOINS
                        + " WHERE a.seq >= " + row + " ORDER BY a.seq")) {
            while (rows.next()) {
                link = chain.link(link, Entry.read(Rows.activity(rows)), rows.getLong(1));
                links.add(link);
            }
        }
        try (PreparedStatement update = connection.prepareStatement("UPDATE activity SET hash = ? WHERE seq = ?");
                PreparedStatement end = connection.prepareStatement("UPDATE chain SET head_hash = ?")) {
            for (int i = 0; i < links.size(); i++) {
                update.setBytes(1, links.get(i).bytes());
                update.setLong(2, row + i);
                update.executeUpdate();
            }
            end.setBytes(1, link.bytes());
            end.executeUpdate();
        }
        return new Tampering("rewriting from " + row, new Fault(ROWS, Problem.REWRITTEN));
    }

    private static byte[] blob(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getBytes(1);
        }
    }

    private static void execute(Connection connection, String... commands) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String command : commands) {
                statement.executeUpdate(command);
            }
        }
    }
}
