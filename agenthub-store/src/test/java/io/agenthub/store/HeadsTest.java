package io.agenthub.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.activity.ActivityStore;
import io.agenthub.api.activity.ChainHead;
import io.agenthub.api.activity.Verification.Fault;
import io.agenthub.api.activity.Verification.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
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
}
