package io.agenthub.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.activity.ActivityStore;
import io.agenthub.api.activity.ChainHead;
import io.agenthub.api.activity.Verification.Fault;
import io.agenthub.api.activity.Verification.Problem;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeadsTest {
    @TempDir
    private Path folder;

    @Test
    void headsAreExportedAndCheckedAgain() throws IOException, SQLException {
        Path file = folder.resolve("elsewhere.heads");
        try (StoreHarness harness = new StoreHarness(folder)) {
            SqliteOptions options = SqliteOptions.of(harness.file).heads(file);
            ActivityStore store = harness.open(options);
            for (int i = 0; i < 5; i++) {
                StoreHarness.fill(store, 1_000);
            }
            ChainHead last = store.status().head().orElseThrow();
            StoreHarness.close(store);
            List<ChainHead> heads =
                    Files.readAllLines(file).stream().map(ChainHead::parse).toList();
            assertTrue(heads.size() >= 4 && heads.size() <= 6, heads::toString);
            assertEquals(last, heads.get(heads.size() - 1));

            Files.writeString(file, "half a li", StandardOpenOption.APPEND);
            ActivityStore again = harness.open(options);
            assertEquals(heads.size(), StoreHarness.verify(again).headsChecked());
            assertTrue(StoreHarness.verify(again).intact());
            StoreHarness.close(again);

            try (Connection connection = harness.connect()) {
                connection.setAutoCommit(false);
                Scalpel record = new Scalpel(connection);
                record.open();
                String link = record.at(4_321).link().hex();
                record.execute("DELETE FROM segment WHERE first > 4321");
                record.execute("UPDATE chain SET head = 4321, head_hash = x'" + link + "'");
                connection.commit();
            }
            assertEquals(
                    new Fault(4_322, Problem.MISSING),
                    StoreHarness.verify(harness.open(options)).fault().orElseThrow());
        }
    }

    @Test
    void aLineThatIsNoTextTakesNoOtherWithIt() throws IOException {
        Path file = folder.resolve("heads");
        Heads heads = new Heads(file);
        heads.committed(1, head(1_000));
        Files.write(file, new byte[] {(byte) 0xff, (byte) 0xc0, '\n'}, StandardOpenOption.APPEND);
        heads.committed(1_001, head(2_000));
        assertEquals(List.of(head(1_000), head(2_000)), heads.known());
    }

    @Test
    void aFileThatHasGrownGivesItsOldestUp() throws IOException {
        Path file = folder.resolve("heads");
        Heads heads = new Heads(file, 10_000);
        for (int i = 1; i <= 1_000; i++) {
            heads.committed(1, head(1_000L * i));
        }
        assertTrue(Files.size(file) <= 10_200, () -> "it is longer");
        List<ChainHead> known = heads.known();
        assertTrue(known.size() >= 40, known::toString);
        assertEquals(head(1_000_000), known.get(known.size() - 1));
        assertEquals(head(1_000_000L - 1_000L * (known.size() - 1)), known.get(0), "and has no holes");
    }

    @Test
    void theHeadOfAChainThatWasPutAsideIsNoHeadOfTheNext() {
        Path file = folder.resolve("heads");
        Heads heads = new Heads(file);
        heads.committed(1, head(500));
        heads.forget();
        heads.export();
        assertEquals(List.of(), heads.known());
        heads.committed(1, head(1_000));
        assertEquals(List.of(head(1_000)), heads.known(), "and the next exports its own from its beginning on");
    }

    @Test
    void aDamagedFileGoesAsideEvenIfItsHeadsCannot() throws IOException, SQLException {
        // With what is added to it, no file can be called so.
        Path file = folder.resolve("h".repeat(250));
        try (StoreHarness harness = new StoreHarness(folder)) {
            SqliteOptions options = SqliteOptions.of(harness.file).heads(file);
            ActivityStore store = harness.open(options);
            StoreHarness.fill(store, 100);
            StoreHarness.close(store);
            try (RandomAccessFile damaged = new RandomAccessFile(harness.file.toFile(), "rw")) {
                damaged.seek(0);
                damaged.write("no database any more".getBytes(StandardCharsets.US_ASCII));
            }
            ActivityStore again = harness.open(options);
            StoreHarness.append(again, StoreHarness.call().build());
            assertEquals(1, StoreHarness.gaps(again).size());
            try (Stream<Path> files = Files.list(folder)) {
                assertTrue(files.anyMatch(kept -> kept.getFileName().toString().startsWith("activity.db.damaged-")));
            }
        }
    }

    private static ChainHead head(long sequence) {
        return ChainHead.parse(sequence + " 2026-01-01T00:00:00Z " + "ab".repeat(32));
    }
}
