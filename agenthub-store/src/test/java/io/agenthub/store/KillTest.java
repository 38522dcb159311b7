package io.agenthub.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.activity.ActivityStore;
import io.agenthub.api.activity.Retention;
import io.agenthub.api.activity.Verification;
import io.agenthub.tck.Await;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that writes is killed at random instants, and nothing it acknowledged is lost. The number of kills is the system
 * property {@code agenthub.kills}, 6 by default.
 */
@Timeout(7_200)
class KillTest {
    private static final int KILLS = Integer.getInteger("agenthub.kills", 6);
    private static final long KEPT_BYTES = 6L * 1_024 * 1_024;

    @TempDir
    private Path folder;

    @Test
    void nothingAcknowledgedIsLostWhenTheProcessIsKilled() throws IOException, SQLException, InterruptedException {
        Random random = new Random(Long.getLong("agenthub.test.seed", 11));
        long acknowledged = 0;
        long written = 0;
        long slowestOpen = 0;
        double writingSeconds = 0;
        try (StoreHarness harness = new StoreHarness(folder)) {
            for (int kill = 1; kill <= KILLS; kill++) {
                long before = acknowledged;
                long began = System.nanoTime();
                acknowledged = KilledWriter.runAndKill(
                        100 + random.nextInt(400), String.valueOf(KEPT_BYTES), harness.file.toString());
                writingSeconds += (System.nanoTime() - began) / 1e9;
                written += acknowledged - before;
                long opening = System.nanoTime();
                ActivityStore store = harness.open(
                        StoreOptions.builder().retention(Retention.FOREVER).build());
                slowestOpen = Math.max(slowestOpen, System.nanoTime() - opening);
                Verification verification = StoreHarness.verify(store);
                assertTrue(verification.intact(), verification::toString);
                long head = verification.head().orElseThrow().sequence();
                long lost = acknowledged - head;
                assertTrue(lost <= 0, () -> lost + " acknowledged activities lost");
                acknowledged = head;
                // Bounded, so that the last check takes as long as the first.
                Await.value(store.cleanup(Retention.ofBytes(KEPT_BYTES)));
                StoreHarness.close(store);
                try (Connection connection = harness.connect()) {
                    assertEquals("ok", StoreHarness.first(connection, "PRAGMA integrity_check"));
                }
            }
        }
        System.out.printf(
                "Figure 11: %d kills, %,d activities acknowledged (%,.0f a second with the start of each process), 0 lost, chain"
                        + " and file intact each time, slowest opening %.0f ms%n",
                KILLS, written, written / writingSeconds, slowestOpen / 1e6);
    }
}
