package io.agenthub.store;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.activity.ActivityStore;
import io.agenthub.api.activity.Retention;
import io.agenthub.api.activity.Verification;
import io.agenthub.tck.TckContext;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Two processes that share a record are killed at random instants while they write, and nothing either acknowledged is lost. How
 * often is the system property {@code agenthub.shared.kills}, 2 by default.
 */
@UsesPostgres
@Timeout(3_600)
class PostgresKillTest {
    private static final int KILLS = Integer.getInteger("agenthub.shared.kills", 2);
    private static final int WRITERS = 2;
    private static final long KEPT_BYTES = 6L * 1_024 * 1_024;

    private final TckContext context = TckContext.real();
    private final PostgresServer server;
    private final PostgresOptions options;

    PostgresKillTest(PostgresServer server) {
        this.server = server;
        this.options = server.options();
    }

    @AfterEach
    void end() {
        context.close();
    }

    @Test
    void nothingAcknowledgedIsLostWhenProcessesThatShareARecordAreKilled() {
        Random random = new Random(Long.getLong("agenthub.test.seed", 12));
        for (int kill = 1; kill <= KILLS; kill++) {
            List<CompletableFuture<Long>> writers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                int millis = 200 + random.nextInt(400);
                writers.add(
                        CompletableFuture.supplyAsync(() -> acknowledged(millis), task -> new Thread(task).start()));
            }
            long last =
                    writers.stream().mapToLong(CompletableFuture::join).max().orElseThrow();
            assertTrue(last > 0, "something was acknowledged");
            // The server may still be busy with what the dead had asked of it last; the record is locked until then.
            ActivityStore store = PostgresActivityStoreProvider.create(
                    options.store(
                            StoreOptions.builder().retention(Retention.FOREVER).build()),
                    context);
            store.open().toCompletableFuture().join();
            long mine = StoreHarness.append(store, StoreHarness.call().build());
            assertTrue(mine > last, () -> "sequence " + mine + " is given out again");
            Verification verification = StoreHarness.verify(store);
            assertTrue(verification.intact(), verification::toString);
            StoreHarness.close(store);
        }
    }

    private long acknowledged(int millis) {
        try {
            return KilledWriter.runAndKill(
                            millis, String.valueOf(KEPT_BYTES), server.url(), "agenthub", options.schema())
                    .acknowledged();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
