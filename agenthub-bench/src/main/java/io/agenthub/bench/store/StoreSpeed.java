package io.agenthub.bench.store;

import io.agenthub.api.activity.Activity;
import io.agenthub.api.activity.ActivityStore;
import io.agenthub.api.activity.Retention;
import io.agenthub.bench.TemporaryFolder;
import io.agenthub.store.SqliteActivityStoreProvider;
import io.agenthub.store.SqliteOptions;
import io.agenthub.store.SqliteOptions.Durability;
import io.agenthub.store.StoreOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * How many activities a second does the store keep, beside a plain table with one commit for each, and what does appending cost
 * the caller at 5,000 a second? In turns, three times, each in a new file; both force every transaction to the disk.
 *
 * <p>{@code java -cp agenthub-bench/target/benchmarks.jar io.agenthub.bench.store.StoreSpeed [folder]}
 */
public final class StoreSpeed {
    private static final int ROUNDS = 3;
    private static final int ACTIVITIES = 200_000;
    private static final long BASELINE_NANOS = Duration.ofSeconds(3).toNanos();
    private static final int IN_FLIGHT = 20_000;
    private static final int RATE = 5_000;
    private static final int OPEN_LOOP = 10 * RATE;

    private final Path folder;
    private int files;

    private StoreSpeed(Path folder) {
        this.folder = folder;
    }

    /**
     * Runs everything.
     *
     * @param args a folder on the disk that is to be measured; a temporary one without
     * @throws Exception if a file cannot be written or the thread is interrupted
     */
    public static void main(String[] args) throws Exception {
        try (TemporaryFolder folder = new TemporaryFolder()) {
            measure(args.length > 0 ? Path.of(args[0]) : folder.path());
        }
    }

    private static void measure(Path folder) throws Exception {
        StoreSpeed speed = new StoreSpeed(folder);
        for (int round = 1; round <= ROUNDS; round++) {
            double baseline = speed.oneCommitEach();
            double store = speed.groupCommit(Durability.FULL);
            double normal = speed.groupCommit(Durability.NORMAL);
            System.out.printf(
                    "%d: one commit each %,.0f rows/s; the store %,.0f rows/s, %.1f times as many; with durability normal"
                            + " %,.0f%n",
                    round, baseline, store, store / baseline, normal);
            speed.openLoop();
        }
    }

    private Path file() {
        return folder.resolve("speed-" + files++ + ".db");
    }

    /** What a first version would do: a table, an index on time, an insert, a commit. */
    private double oneCommitEach() throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("PRAGMA synchronous = FULL");
            statement.executeUpdate("CREATE TABLE activity (id INTEGER PRIMARY KEY, at TEXT, client TEXT, server TEXT,"
                    + " method TEXT, tool TEXT, outcome TEXT, status INTEGER, nanos INTEGER)");
            statement.executeUpdate("CREATE INDEX activity_at ON activity (at)");
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO activity"
                    + " (at, client, server, method, tool, outcome, status, nanos) VALUES (?, ?, ?, ?, ?, ?, ?, ?)")) {
                return insertFor(insert);
            }
        }
    }

    private static double insertFor(PreparedStatement insert) throws SQLException {
        Calls calls = new Calls(Instant.now(), 1);
        long rows = 0;
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < BASELINE_NANOS) {
            Activity call = calls.next();
            insert.setString(1, call.at().toString());
            insert.setString(2, call.client().orElse(null));
            insert.setString(3, call.server().orElse(null));
            insert.setString(4, call.method().orElse(null));
            insert.setString(5, call.tool().orElse(null));
            insert.setString(6, call.outcome());
            insert.setInt(7, call.httpStatus().orElse(0));
            insert.setLong(8, call.duration().toNanos());
            insert.executeUpdate();
            rows++;
        }
        return rows / seconds(begin);
    }

    private ActivityStore open(BenchContext context, Durability durability) {
        StoreOptions options =
                StoreOptions.builder().retention(Retention.FOREVER).build();
        ActivityStore store = SqliteActivityStoreProvider.create(
                SqliteOptions.of(file()).durability(durability).store(options), context);
        store.open().toCompletableFuture().join();
        return store;
    }

    /** As many as it takes: the queue is never empty, and every one is acknowledged. */
    private double groupCommit(Durability durability) throws InterruptedException {
        try (BenchContext context = new BenchContext()) {
            ActivityStore store = open(context, durability);
            Calls calls = new Calls(Instant.now(), 1);
            Semaphore room = new Semaphore(IN_FLIGHT);
            long begin = System.nanoTime();
            for (int i = 0; i < ACTIVITIES; i++) {
                room.acquire();
                store.append(calls.next()).whenComplete((sequence, failure) -> room.release());
            }
            room.acquire(IN_FLIGHT);
            double rate = ACTIVITIES / seconds(begin);
            store.close();
            return rate;
        }
    }

    /** One every 200 µs, whatever the store does: what the caller pays, and when it is told. */
    private void openLoop() throws IOException, InterruptedException {
        try (BenchContext context = new BenchContext()) {
            ActivityStore store = open(context, Durability.FULL);
            Calls calls = new Calls(Instant.now(), 1);
            Activity[] made = new Activity[OPEN_LOOP];
            for (int i = 0; i < OPEN_LOOP; i++) {
                made[i] = calls.next();
            }
            Histogram paid = new Histogram(3);
            Histogram told = new ConcurrentHistogram(3);
            CountDownLatch all = new CountDownLatch(OPEN_LOOP);
            long begin = System.nanoTime();
            for (int i = 0; i < OPEN_LOOP; i++) {
                long due = begin + i * (1_000_000_000L / RATE);
                while (System.nanoTime() < due) {
                    LockSupport.parkNanos(due - System.nanoTime());
                }
                long asked = System.nanoTime();
                var stage = store.append(made[i]);
                paid.recordValue(System.nanoTime() - asked);
                stage.whenComplete((sequence, failure) -> {
                    told.recordValue(System.nanoTime() - asked);
                    all.countDown();
                });
            }
            all.await();
            System.out.printf(
                    "   at %,d a second: append() costs its caller p50 %.1f, p99 %.1f, p99.9 %.1f µs; committed after p50"
                            + " %.2f, p99 %.2f, at most %.1f ms; %d dropped%n",
                    RATE,
                    paid.getValueAtPercentile(50) / 1e3,
                    paid.getValueAtPercentile(99) / 1e3,
                    paid.getValueAtPercentile(99.9) / 1e3,
                    told.getValueAtPercentile(50) / 1e6,
                    told.getValueAtPercentile(99) / 1e6,
                    told.getMaxValue() / 1e6,
                    store.status().dropped());
            store.close();
        }
    }

    private static double seconds(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }
}
