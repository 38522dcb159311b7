package io.agenthub.store;

import io.agenthub.api.BusyException;
import io.agenthub.api.Promise;
import io.agenthub.api.Scheduler;
import io.agenthub.api.activity.ActivityStoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A few threads that query, each with a connection of its own. A query ends early when nobody waits for it any more. */
final class Readers {
    private static final Logger LOG = LoggerFactory.getLogger(Readers.class);

    private final Database database;
    private final StoreOptions options;
    private final Scheduler scheduler;
    private final Executor executor;
    private final IntSupplier generation;
    private final Runnable onDamage;
    private final ThreadPoolExecutor threads;
    private final Runnable onEnd;
    /** Connections, and one for the pool: its last thread ends the pool before it closes its own connection. */
    private final AtomicInteger connections = new AtomicInteger(1);

    private volatile boolean closing;

    Readers(
            Database database,
            StoreOptions options,
            Scheduler scheduler,
            Executor executor,
            IntSupplier generation,
            Runnable onDamage,
            Runnable onEnd) {
        this.database = database;
        this.options = options;
        this.scheduler = scheduler;
        this.executor = executor;
        this.generation = generation;
        this.onDamage = onDamage;
        this.onEnd = onEnd;
        AtomicInteger made = new AtomicInteger();
        this.threads =
                new ThreadPoolExecutor(
                        options.readers(),
                        options.readers(),
                        1,
                        TimeUnit.SECONDS,
                        new Waiting(options.maxQueuedQueries()),
                        task -> new Reader(() -> serve(task), made.incrementAndGet())) {
                    @Override
                    protected void terminated() {
                        closed();
                    }
                };
        this.threads.allowCoreThreadTimeOut(true);
    }

    /** Queries that wait for a thread. Takes no lock, since event loops put them in; two at a time may pass the bound by one. */
    private static final class Waiting extends LinkedTransferQueue<Runnable> {
        private static final long serialVersionUID = 1;

        private final int most;

        Waiting(int most) {
            this.most = most;
        }

        @Override
        public boolean offer(Runnable query) {
            return size() < most && super.offer(query);
        }
    }

    /** A question to the database, answered within one read transaction. */
    interface Query<T> {
        T ask(Connection connection) throws SQLException;
    }

    /** A question of many transactions, which looks for itself whether it should go on. */
    interface LongQuery<T> {
        T ask(Transactions transactions) throws SQLException;
    }

    /** Runs one transaction after the other on one connection. */
    interface Transactions {
        <R> R run(Query<R> query) throws SQLException;
    }

    /** A thread with its connection, which no other touches. */
    private final class Reader extends StoreThread {
        private @Nullable Connection connection;
        private int generation;

        Reader(Runnable task, int number) {
            super(task, "reader-" + number);
        }

        void disconnect() {
            Connection old = connection;
            connection = null;
            if (old != null) {
                try {
                    old.close();
                } catch (SQLException e) {
                    LOG.atDebug().setCause(e).log("Closing a connection of the activity store failed");
                }
                closed();
            }
        }
    }

    <T> Promise<T> ask(Query<T> query) {
        return askLong(transactions -> transactions.run(query));
    }

    <T> Promise<T> askLong(LongQuery<T> query) {
        Promise<T> promise = new Promise<>(executor);
        try {
            threads.execute(() -> answer(query, promise));
        } catch (RejectedExecutionException e) {
            return Promise.failed(
                    closing
                            ? ActivityStoreException.closed()
                            : new BusyException(null, "maxQueuedQueries", options.maxQueuedQueries()));
        } catch (Error noThread) {
            return Promise.failed(ActivityStoreException.failed("The activity store has no thread to query", noThread));
        }
        return promise;
    }

    private void closed() {
        if (connections.decrementAndGet() == 0) {
            onEnd.run();
        }
    }

    private void serve(Runnable tasks) {
        try {
            tasks.run();
        } finally {
            self().disconnect();
        }
    }

    private Reader self() {
        return (Reader) Thread.currentThread();
    }

    private <T> void answer(LongQuery<T> query, Promise<T> promise) {
        if (promise.isDone()) {
            return;
        }
        try {
            promise.succeed(query.ask(new Transactions() {
                @Override
                public <R> R run(Query<R> part) throws SQLException {
                    return transaction(part, promise);
                }
            }));
        } catch (SQLException | RuntimeException | Error e) {
            promise.fail(translate(e));
        }
    }

    private <R> R transaction(Query<R> query, Promise<?> promise) throws SQLException {
        if (closing) {
            throw ActivityStoreException.closed();
        }
        long deadline = scheduler.nanoTime() + options.queryTimeout().toNanos();
        BooleanSupplier over = () -> closing || promise.isDone() || scheduler.nanoTime() - deadline >= 0;
        boolean used = self().connection != null;
        try {
            return watched(query, connect(), over);
        } catch (SQLException e) {
            if (!used || over.getAsBoolean() || database.trouble(e) != Database.Trouble.DISCONNECTED) {
                throw e;
            }
            // A connection that was idle may have been closed by the other side long ago.
            return watched(query, connect(), over);
        }
    }

    private <R> R watched(Query<R> query, Connection connection, BooleanSupplier over) throws SQLException {
        boolean usable = false;
        try {
            Database.Watch watch = database.abortWhen(connection, over);
            self().endWhen(over);
            try {
                R result = query.ask(connection);
                connection.rollback();
                usable = true;
                return result;
            } finally {
                self().endWhen(() -> false);
                usable &= watch.end();
            }
        } finally {
            if (!usable) {
                self().disconnect();
            }
        }
    }

    private Connection connect() throws SQLException {
        Reader reader = self();
        int now = generation.getAsInt();
        Connection open = reader.connection;
        if (open != null && reader.generation == now) {
            return open;
        }
        reader.disconnect();
        Connection fresh = database.connectReader();
        connections.incrementAndGet();
        reader.connection = fresh;
        reader.generation = now;
        return fresh;
    }

    private Throwable translate(Throwable failure) {
        if (closing) {
            return ActivityStoreException.closed();
        }
        if (!(failure instanceof SQLException sql)) {
            return failure;
        }
        if (database.trouble(sql) == Database.Trouble.DAMAGED) {
            onDamage.run();
        }
        return ActivityStoreException.failed("The activity store could not be queried: " + sql.getMessage(), sql);
    }

    /** Ends running queries soon and refuses new ones. */
    void close() {
        closing = true;
        // Ending the pool takes its lock, for which a thread of the hub must not wait.
        Thread closer = new StoreThread(this::shutdown, "closer");
        try {
            closer.start();
        } catch (OutOfMemoryError noThread) {
            shutdown();
        }
    }

    private void shutdown() {
        threads.shutdown();
        Runnable query = threads.getQueue().poll();
        while (query != null) {
            // Each finds out by itself that the store is closing; nobody is left waiting.
            query.run();
            query = threads.getQueue().poll();
        }
    }
}
