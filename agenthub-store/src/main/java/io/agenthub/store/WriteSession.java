package io.agenthub.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One connection that writes, and what it remembers; after a failure it remembers nothing. Confined to the writer thread. */
final class WriteSession implements AutoCloseable {
    /** How many activities may be missing from the sums that are written: a reader has to look at each of them, */
    private static final int MAX_UNSUMMED = 32_768;

    /** and to read them. */
    private static final long MAX_UNSUMMED_BYTES = 4L * 1_024 * 1_024;

    private static final long MAX_UNSUMMED_NANOS = 1_000_000_000;

    private final Database database;
    private final Connection connection;
    private final Names names;
    private final Form form;
    private final SegmentWriter segments;
    private final RequestIds requestIds;
    private final PreparedStatement lockChain;
    private final PreparedStatement readChain;
    private final PreparedStatement updateChain;
    private final Rollup rollup;
    private final Chain chain = new Chain();
    private final byte[] key;
    private ChainRow committed;
    /** The chain after the last transaction, if all that is missing from the sums that are written is in those that are to be. */
    private @Nullable ChainRow counted;

    private long unsummedBytes;
    private long summedAt = System.nanoTime();
    private @Nullable Attempt attempt;

    /**
     * Activities that a transaction was to write.
     *
     * @param first the sequence of the first
     * @param last the sequence of the last
     * @param link the link of the last, which no other activities can have
     */
    record Attempt(long first, long last, Hash link) {}

    WriteSession(Database database) throws SQLException {
        this.database = database;
        this.connection = database.connectWriter();
        try {
            this.key = database.key(connection);
            this.lockChain = connection.prepareStatement(ChainRow.SELECT + database.lockClause());
            this.readChain = connection.prepareStatement(ChainRow.SELECT);
            this.updateChain = connection.prepareStatement(ChainRow.UPDATE);
            this.committed = ChainRow.read(readChain);
            this.names = new Names(connection);
            this.form = database.isAlone() ? Form.PACKED : Form.SPELLED;
            this.segments = new SegmentWriter(connection, form);
            this.requestIds = new RequestIds(connection);
            this.rollup = new Rollup(connection, names);
        } catch (SQLException | RuntimeException | Error e) {
            connection.close();
            throw e;
        }
    }

    /** The chain after the last transaction. */
    ChainRow chain() {
        return committed;
    }

    long usedBytes() throws SQLException {
        return database.usedBytes(connection);
    }

    /** The key of the record; not to be changed. */
    byte[] key() {
        return key;
    }

    /** What was being written when it failed: if the connection broke, nobody knows whether it was committed. */
    @Nullable
    Attempt attempt() {
        return attempt;
    }

    /** Whether an attempt was committed nevertheless. */
    private boolean holds(Attempt doubtful) throws SQLException {
        try (Segments stored = new Segments(connection)) {
            return !stored.ofBlock(Facets.block(doubtful.last), segment -> {
                int index = (int) (doubtful.last - segment.first());
                return index < 0
                        || index >= segment.count()
                        || !segment.link(index).equals(doubtful.link);
            });
        }
    }

    /**
     * Writes records as one transaction. Returns the sequence of the first.
     *
     * @param doubtful an earlier attempt to write the same, of which nobody knows how it ended; looked for under the lock of the chain,
     *     since that is what a transaction that has still to end keeps until it does
     */
    long append(List<Entry> records, @Nullable Attempt doubtful) throws SQLException {
        attempt = null;
        return transaction(row -> {
            if (doubtful != null && holds(doubtful)) {
                return doubtful.first;
            }
            long sequence = row.head();
            Hash hash = row.headHash();
            long micros = row.headAt();
            for (Entry record : records) {
                sequence++;
                hash = chain.link(hash, record, sequence, form);
                micros = record.micros();
                segments.add(record, sequence, hash);
                requestIds.add(record, sequence);
                rollup.add(record, sequence);
                unsummedBytes += record.length();
            }
            segments.flush();
            requestIds.flush();
            ChainRow after = row.withHead(sequence, micros, hash);
            if (isSummingDue(after)) {
                rollup.flush();
                after = after.allSummed();
            } else {
                rollup.flushPlaces();
            }
            after.update(updateChain);
            attempt = new Attempt(row.head() + 1, sequence, hash);
            return row.head() + 1;
        });
    }

    private boolean isSummingDue(ChainRow row) {
        return !database.isAlone()
                || row.head() - row.summed() >= MAX_UNSUMMED
                || unsummedBytes >= MAX_UNSUMMED_BYTES
                || rollup.isMuch()
                || sumsDueIn() <= 0;
    }

    /** Whether activities are missing from the sums that are written. */
    boolean owesSums() {
        return !committed.unsummed().isEmpty();
    }

    /** In how many nanoseconds the sums are to be written at the latest. */
    long sumsDueIn() {
        return summedAt + MAX_UNSUMMED_NANOS - System.nanoTime();
    }

    /** Writes the sums of all that is in the record; if that fails, it is not due again at once. */
    void sumUp() throws SQLException {
        summedAt = System.nanoTime();
        this.<ChainRow>transaction(row -> {
            rollup.flush();
            ChainRow after = row.allSummed();
            after.update(updateChain);
            return after;
        });
    }

    /** Counts what is in the record but neither in the sums nor among those that are to be written, as after a crash. */
    private void catchUp(ChainRow row) throws SQLException {
        if (counted != null && counted.head() == row.head() && counted.summed() == row.summed()) {
            return;
        }
        rollup.forget();
        Extent missing = row.unsummed();
        Scan.go(connection, new EveryBlock(List.of(missing)), missing, (segment, i) -> {
            rollup.addAgain(segment.entry(i));
            return true;
        });
    }

    /** Removes some of the oldest activities that a retention does not keep. Returns how many; 0 if all that is left is kept. */
    int prune(Pruning pruning) throws SQLException {
        return this.<Integer>transaction(row -> pruning.step(connection, database, row, rollup, key));
    }

    /** Removes everything. Returns how many activities there were. */
    long clear() throws SQLException {
        return transaction(row -> {
            for (String table : List.of(
                    "segment",
                    "request_ids",
                    "facet",
                    "rollup",
                    "rollup_day",
                    "cube",
                    "cube_day",
                    "span",
                    "name WHERE id <> " + Names.OK)) {
                try (PreparedStatement delete = connection.prepareStatement("DELETE FROM " + table)) {
                    delete.executeUpdate();
                }
            }
            rollup.forget();
            row.withAnchor(row.head(), row.headAt(), row.headHash(), key, true, true)
                    .allSummed()
                    .update(updateChain);
            return row.head() - row.anchor();
        });
    }

    /** Gives a little of the space that nothing is in any more back. Returns whether there is more. */
    boolean giveBack() throws SQLException {
        return database.giveBack(connection);
    }

    /** Does what the database has put off, so that no append waits for it. */
    void settle() throws SQLException {
        database.settle(connection);
    }

    private <T> T transaction(Work<T> work) throws SQLException {
        database.begin(connection);
        try {
            ChainRow row = ChainRow.read(lockChain);
            names.begin(row.namesEpoch());
            catchUp(row);
            T result = work.apply(row);
            ChainRow after = ChainRow.read(readChain);
            database.commit(connection);
            committed = after;
            counted = after;
            if (!owesSums()) {
                unsummedBytes = 0;
                summedAt = System.nanoTime();
            }
            names.begin(after.namesEpoch());
            return result;
        } catch (SQLException | RuntimeException | Error e) {
            rollback(e);
            throw e;
        }
    }

    private void rollback(Throwable cause) {
        names.forget();
        segments.forget();
        requestIds.forget();
        counted = null;
        try {
            database.rollback(connection);
            rollup.forget();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    /** Closes the connection, and with it its statements. */
    @Override
    public void close() throws SQLException {
        connection.close();
    }

    /** What happens in a transaction, given the chain's row. */
    private interface Work<T extends @Nullable Object> {
        T apply(ChainRow row) throws SQLException;
    }
}
