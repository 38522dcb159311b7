package io.agenthub.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.activity.ActivityQuery;
import io.agenthub.api.activity.ActivityStore;
import io.agenthub.api.activity.ActivityStoreException;
import io.agenthub.tck.Await;
import io.agenthub.tck.TckContext;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.postgresql.Driver;

/** What other connections hold, what an address says, and what a database cannot keep. */
@UsesPostgres
class PostgresTroubleTest {
    private static final Duration A_MOMENT = Duration.ofSeconds(2);

    private final TckContext context = TckContext.real();
    private final List<ActivityStore> opened = new ArrayList<>();
    private final PostgresServer server;
    private final PostgresOptions options;

    PostgresTroubleTest(PostgresServer server) {
        this.server = server;
        this.options = server.options();
    }

    @AfterEach
    void end() {
        opened.forEach(store -> store.closeAsync().toCompletableFuture().join());
        context.close();
    }

    private ActivityStore open(ActivityStore store) {
        opened.add(store);
        Await.value(store.open());
        return store;
    }

    private ActivityStore open(PostgresOptions chosen) {
        return open(PostgresActivityStoreProvider.create(chosen, context));
    }

    /** Once it is armed, a commit is on its way when its connection is given up, and reaches the server a moment later. */
    private static final class LateDatabase extends DelegatingDatabase {
        final AtomicBoolean armed = new AtomicBoolean();
        private final AtomicBoolean underWay = new AtomicBoolean();
        final CompletableFuture<Void> arrived = new CompletableFuture<>();

        LateDatabase(Database real) {
            super(real);
        }

        @Override
        public Connection connectWriter() throws SQLException {
            Connection real = super.connectWriter();
            return (Connection) Proxy.newProxyInstance(
                    LateDatabase.class.getClassLoader(),
                    new Class<?>[] {Connection.class},
                    (proxy, method, arguments) -> {
                        if (method.getName().equals("close") && underWay.getAndSet(false)) {
                            commitLater(real);
                            return null;
                        }
                        try {
                            return method.invoke(real, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }

        private void commitLater(Connection real) {
            CompletableFuture.delayedExecutor(500, TimeUnit.MILLISECONDS).execute(() -> {
                try (real) {
                    real.commit();
                    arrived.complete(null);
                } catch (SQLException e) {
                    arrived.completeExceptionally(e);
                }
            });
        }

        @Override
        public void commit(Connection writer) throws SQLException {
            if (armed.getAndSet(false)) {
                underWay.set(true);
                throw new SQLException("the connection broke", "08006");
            }
            super.commit(writer);
        }

        @Override
        public void rollback(Connection writer) throws SQLException {
            if (!underWay.get()) {
                super.rollback(writer);
            }
        }
    }

    @Test
    void aCommitThatIsStillOnItsWayIsWaitedForAndNotDoneTwice() {
        LateDatabase database = new LateDatabase(new PostgresDatabase(new Driver(), options, context.scheduler()));
        ActivityStore store = open(new ActivityLog(database, options.store(), context));
        assertEquals(1, StoreHarness.append(store, StoreHarness.call().build()));
        database.armed.set(true);
        assertEquals(2, StoreHarness.append(store, StoreHarness.call().build()));
        Await.value(database.arrived);
        assertEquals(3, StoreHarness.append(store, StoreHarness.call().build()));
        assertEquals(
                3,
                Await.value(store.statistics(ActivityQuery.ALL, Duration.ofHours(1)))
                        .total());
        assertTrue(StoreHarness.verify(store).intact());
    }

    @Test
    void whatAnotherConnectionHoldsCostsNoMoreTimeThanActivitiesHave() throws SQLException {
        ActivityStore store =
                open(options.store(StoreOptions.builder().writeTimeout(A_MOMENT).build()));
        StoreHarness.append(store, StoreHarness.call().build());
        try (Connection other = server.connect()) {
            other.setAutoCommit(false);
            StoreHarness.first(other, "SELECT head FROM " + options.schema() + ".chain FOR UPDATE");
            long begun = System.nanoTime();
            Await.failure(
                    ActivityStoreException.class,
                    store.append(StoreHarness.call().build()));
            Duration took = Duration.ofNanos(System.nanoTime() - begun);
            assertTrue(took.compareTo(A_MOMENT.multipliedBy(10)) < 0, took::toString);
            other.rollback();
        }
        StoreHarness.append(store, StoreHarness.call().build());
        assertEquals(1, StoreHarness.gaps(store).size(), "what was lost is told");
    }

    @Test
    void aTransactionWhoseHubDoesNothingAnyMoreEnds() throws SQLException {
        PostgresDatabase database = new PostgresDatabase(new Driver(), options, context.scheduler());
        try (Connection writer = database.connectWriter()) {
            assertEquals("30s", StoreHarness.first(writer, "SHOW idle_in_transaction_session_timeout"));
            assertEquals("5s", StoreHarness.first(writer, "SHOW lock_timeout"));
        }
    }

    @Test
    void anotherSchemaInTheAddressIsNotUsed() throws SQLException {
        String elsewhere = options.schema() + "_elsewhere";
        server.execute("CREATE SCHEMA " + elsewhere);
        PostgresOptions misled = PostgresOptions.of(server.url() + "?currentSchema=" + elsewhere)
                .login("agenthub", "")
                .schema(options.schema());
        for (int i = 1; i <= 2; i++) {
            ActivityStore store = open(misled);
            assertEquals(i, StoreHarness.append(store, StoreHarness.call().build()));
            StoreHarness.close(store);
        }
        assertEquals(2, StoreHarness.newest(open(options)).size());
    }

    @Test
    void aDatabaseThatCannotKeepEveryNameIsRefused() throws SQLException {
        String name = options.schema() + "_latin";
        server.execute("CREATE DATABASE " + name + " ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0");
        PostgresOptions latin = PostgresOptions.of(server.url().replace("/postgres", "/" + name))
                .login("agenthub", "");
        ActivityStore store = PostgresActivityStoreProvider.create(latin, context);
        opened.add(store);
        String message =
                Await.failure(ActivityStoreException.class, store.open()).getMessage();
        assertTrue(message.contains("LATIN1") && message.contains("UTF8"), message);
    }
}
