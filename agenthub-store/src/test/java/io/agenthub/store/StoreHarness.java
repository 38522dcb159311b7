package io.agenthub.store;

import io.agenthub.api.activity.Activity;
import io.agenthub.api.activity.Activity.Kind;
import io.agenthub.api.activity.ActivityQuery;
import io.agenthub.api.activity.ActivityStore;
import io.agenthub.api.activity.ChainHead;
import io.agenthub.api.activity.Verification;
import io.agenthub.tck.Await;
import io.agenthub.tck.TckContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletionStage;
import java.util.function.IntFunction;
import org.sqlite.jdbc4.JDBC4Connection;

/** Opens stores on one file, one after the other, and looks into the file behind their back. */
final class StoreHarness implements AutoCloseable {
    /** Recent enough for every default of retention. */
    private static final Duration TWO_HOURS = Duration.ofHours(2);

    final TckContext context = TckContext.real();
    final Path file;
    private final List<ActivityStore> opened = new ArrayList<>();

    StoreHarness(Path folder) {
        this.file = folder.resolve("activity.db");
    }

    ActivityStore open() {
        return open(SqliteOptions.of(file));
    }

    ActivityStore open(StoreOptions options) {
        return open(SqliteOptions.of(file).store(options));
    }

    ActivityStore open(SqliteOptions options) {
        ActivityStore store = create(options);
        Await.value(store.open());
        return store;
    }

    ActivityStore create(SqliteOptions options) {
        ActivityStore store = SqliteActivityStoreProvider.create(options, context);
        opened.add(store);
        return store;
    }

    static Activity.Builder call() {
        return Activity.builder(Kind.CALL, Instant.now().minus(TWO_HOURS))
                .server("time")
                .method("tools/call")
                .duration(Duration.ofMillis(3));
    }

    static long append(ActivityStore store, Activity activity) {
        return Await.value(store.append(activity));
    }

    static void fill(ActivityStore store, int count) {
        fill(
                store,
                0,
                count,
                i -> call().client("client-" + i % 3)
                        .tool("tool-" + i % 5)
                        .requestId(String.valueOf(i))
                        .httpStatus(200)
                        .detail(i % 4 == 0 ? "Number " + i : null)
                        .build());
    }

    /** Appends so many activities, made of numbers from one on, and waits for all of them. */
    static void fill(ActivityStore store, int from, int count, IntFunction<Activity> activity) {
        List<CompletionStage<Long>> stages = new ArrayList<>();
        for (int i = from; i < from + count; i++) {
            stages.add(store.append(activity.apply(i)));
        }
        stages.forEach(Await::value);
    }

    static List<Activity> newest(ActivityStore store) {
        return Await.value(store.find(ActivityQuery.builder().limit(1_000).build()))
                .activities();
    }

    static List<Activity> gaps(ActivityStore store) {
        return Await.value(store.find(
                        ActivityQuery.builder().kinds(Kind.GAP).limit(1_000).build()))
                .activities();
    }

    static Verification verify(ActivityStore store, ChainHead... heads) {
        return Await.value(store.verify(List.of(heads)));
    }

    static void close(ActivityStore store) {
        Await.value(store.closeAsync());
    }

    /** No store of this process is open, so none of their threads may run. */
    static void awaitNoThreads() {
        Await.until(
                "the threads end",
                () -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().startsWith("agenthub-store-")));
    }

    /** Where the file's heads are exported to. */
    Path headsFile() {
        return file.resolveSibling("activity.db.heads");
    }

    /** Makes all links anew, as a version wrote them that had only one form of them, and so different heads. */
    void relinkAsBefore() throws SQLException, IOException {
        try (Connection connection = connect()) {
            connection.setAutoCommit(false);
            new Scalpel(connection).relink(Form.SPELLED);
            connection.commit();
        }
        execute("PRAGMA user_version = 8");
        Files.delete(headsFile());
    }

    /** A connection beside the store's own. */
    Connection connect() throws SQLException {
        // Not by the manager of drivers, which may not know this one any more after another test.
        return new JDBC4Connection("jdbc:sqlite:" + file, file.toString(), new Properties());
    }

    void execute(String... commands) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String command : commands) {
                statement.executeUpdate(command);
            }
        }
    }

    static String first(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            return row.next() ? String.valueOf(row.getString(1)) : "nothing";
        }
    }

    @Override
    public void close() {
        opened.forEach(store -> store.closeAsync().toCompletableFuture().join());
        context.close();
    }
}
