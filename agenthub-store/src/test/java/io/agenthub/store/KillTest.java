package io.agenthub.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.activity.Activity.Kind;
import io.agenthub.api.activity.ActivityQuery;
import io.agenthub.api.activity.ActivityStore;
import io.agenthub.api.activity.Retention;
import io.agenthub.api.activity.Verification;
import io.agenthub.tck.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes that write are killed at random instants, and nothing they acknowledged is lost. The number of kills is the system
 * property {@code agenthub.kills}, 6 by default; half of them happen to one record and half to another, at the same time.
 */
@Timeout(7_200)
class KillTest {
    private static final int KILLS = Integer.getInteger("agenthub.kills", 6);
    private static final int RECORDS = 2;
    private static final long KEPT_BYTES = 6L * 1_024 * 1_024;

    @TempDir
    private Path folder;

    @Test
    void nothingAcknowledgedIsLostWhenTheProcessIsKilled() throws Exception {
        Random random = new Random(Long.getLong("agenthub.test.seed", 11));
        ExecutorService threads = Executors.newFixedThreadPool(RECORDS);
        List<Future<Toll>> records = new ArrayList<>();
        for (int i = 0; i < RECORDS; i++) {
            Path own = Files.createDirectory(folder.resolve("record-" + i));
            Random instants = new Random(random.nextLong());
            int kills = KILLS / RECORDS + (i < KILLS % RECORDS ? 1 : 0);
            records.add(threads.submit(() -> kill(kills, own, instants)));
        }
        threads.shutdown();
        Toll all = new Toll(0, 0, 0, 0);
        for (Future<Toll> each : records) {
            all = all.and(each.get());
        }
        System.out.printf(
                "Figure 11: %d kills, %,d activities acknowledged (%,.0f a second while a process wrote), 0 lost, chain and file"
                        + " intact each time, slowest opening %.0f ms%n",
                all.kills, all.written, all.written / (all.writingNanos / 1e9), all.slowestOpening / 1e6);
    }

    /** What the kills of one record came to. */
    private record Toll(int kills, long written, long writingNanos, long slowestOpening) {
        Toll and(Toll other) {
            return new Toll(
                    kills + other.kills,
                    written + other.written,
                    writingNanos + other.writingNanos,
                    Math.max(slowestOpening, other.slowestOpening));
        }
    }

    private static Toll kill(int kills, Path folder, Random instants)
            throws IOException, SQLException, InterruptedException {
        Toll toll = new Toll(0, 0, 0, 0);
        long acknowledged = 0;
        try (StoreHarness harness = new StoreHarness(folder)) {
            for (int kill = 1; kill <= kills; kill++) {
                long before = acknowledged;
                KilledWriter.Life life = KilledWriter.runAndKill(
                        100 + instants.nextInt(400), String.valueOf(KEPT_BYTES), harness.file.toString());
                acknowledged = life.acknowledged();
                assertTrue(acknowledged > before, "something was acknowledged");
                long opening = System.nanoTime();
                ActivityStore store = harness.open(
                        StoreOptions.builder().retention(Retention.FOREVER).build());
                opening = System.nanoTime() - opening;
                toll = toll.and(new Toll(1, acknowledged - before, life.writingNanos(), opening));
                Verification verification = StoreHarness.verify(store);
                assertTrue(verification.intact(), verification::toString);
                long head = verification.head().orElseThrow().sequence();
                long lost = acknowledged - head;
                assertTrue(lost <= 0, () -> lost + " acknowledged activities lost");
                acknowledged = head;
                long anchor = verification.anchor().orElseThrow().sequence();
                assertEquals(head - anchor, total(store), "what was not summed up yet is counted");
                // Bounded, so that the last check takes as long as the first.
                long removed = Await.value(store.cleanup(Retention.ofBytes(KEPT_BYTES)));
                assertEquals(head - anchor - removed, total(store), "and summed up, once");
                StoreHarness.close(store);
                try (Connection connection = harness.connect()) {
                    assertEquals("ok", StoreHarness.first(connection, "PRAGMA integrity_check"));
                }
            }
        }
        return toll;
    }

    private static long total(ActivityStore store) {
        ActivityQuery all = ActivityQuery.builder().kinds(Kind.values()).build();
        return Await.value(store.statistics(all, Duration.ofDays(1))).total();
    }
}
