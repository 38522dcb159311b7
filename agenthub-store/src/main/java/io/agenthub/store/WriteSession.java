package io.agenthub.store;

import io.agenthub.api.activity.Activity;
import io.agenthub.api.rpc.JsonText;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One connection that writes, and what it remembers. Confined to the writer thread; of no more use after it failed. */
final class WriteSession implements AutoCloseable {
    private static final String INSERT =
            "INSERT INTO activity (seq, at, kind, client, peer, server, method, tool, era, outcome,"
                    + " status, nanos, bytes_in, bytes_out, request_id, breaker, detail, request, response, hash, latency,"
                    + " request_hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

    private final Database database;
    private final Connection connection;
    private final Names names;
    private final PreparedStatement insert;
    private final PreparedStatement lockChain;
    private final PreparedStatement readChain;
    private final PreparedStatement updateChain;
    private final Rollup rollup;
    private final Chain chain = new Chain();
    private final byte[] key;
    private final Recognition recognition;
    private ChainRow committed;
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
            this.recognition = new Recognition(key);
            this.lockChain = connection.prepareStatement(ChainRow.SELECT + database.lockClause());
            this.readChain = connection.prepareStatement(ChainRow.SELECT);
            this.updateChain = connection.prepareStatement(ChainRow.UPDATE);
            this.committed = ChainRow.read(readChain);
            this.names = new Names(connection);
            this.insert = connection.prepareStatement(INSERT);
            this.rollup = new Rollup(connection);
        } catch (SQLException | RuntimeException e) {
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

    /** Recognises equal requests. */
    Recognition recognition() {
        return recognition;
    }

    /** What was being written when it failed: if the connection broke, nobody knows whether it was committed. */
    @Nullable
    Attempt attempt() {
        return attempt;
    }

    /** Whether an attempt was committed nevertheless. */
    boolean holds(Attempt doubtful) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT hash FROM activity WHERE seq = ?")) {
            select.setLong(1, doubtful.last);
            try (ResultSet row = select.executeQuery()) {
                return row.next() && Hash.of(row.getBytes(1)).equals(doubtful.link);
            }
        }
    }

    /** Writes records as one transaction. Returns the sequence of the first. */
    long append(List<Entry> records) throws SQLException {
        attempt = null;
        return transaction(row -> {
            long sequence = row.head();
            Hash hash = row.headHash();
            long micros = row.headAt();
            for (Entry record : records) {
                sequence++;
                hash = chain.link(hash, record, sequence);
                micros = record.micros();
                bind(record, sequence, micros, hash);
                insert.addBatch();
            }
            insert.executeBatch();
            rollup.flush();
            row.withHead(sequence, micros, hash).update(updateChain);
            attempt = new Attempt(row.head() + 1, sequence, hash);
            return row.head() + 1;
        });
    }

    private void bind(Entry record, long sequence, long micros, Hash hash) throws SQLException {
        Activity activity = record.activity();
        Rollup.Facts facts = facts(activity, sequence, micros);
        rollup.count(facts, 1);
        insert.setLong(1, sequence);
        insert.setLong(2, micros);
        insert.setInt(3, facts.kind());
        number(4, facts.client());
        insert.setString(5, activity.peer().orElse(null));
        number(6, facts.server());
        number(7, facts.method());
        number(8, facts.tool());
        insert.setString(9, activity.era().orElse(null));
        insert.setLong(10, facts.outcome());
        number(11, facts.status());
        insert.setLong(12, facts.nanos());
        insert.setLong(13, facts.bytesIn());
        insert.setLong(14, facts.bytesOut());
        insert.setString(15, activity.requestId().orElse(null));
        if (activity.breaker().isPresent()) {
            insert.setInt(16, Codes.of(activity.breaker().get()));
        } else {
            insert.setNull(16, Types.INTEGER);
        }
        number(17, facts.detail());
        insert.setString(18, text(record.request()));
        insert.setString(19, text(record.response()));
        insert.setBytes(20, hash.bytes());
        insert.setInt(21, Latencies.classOf(facts.nanos()));
        insert.setBytes(22, record.requestHash());
    }

    private static @Nullable String text(@Nullable JsonText body) {
        return body == null ? null : body.toString();
    }

    private Rollup.Facts facts(Activity activity, long sequence, long micros) throws SQLException {
        return new Rollup.Facts(
                sequence,
                micros,
                Codes.of(activity.kind()),
                names.id(activity.client()),
                names.id(activity.server()),
                names.id(activity.method()),
                names.id(activity.tool()),
                names.id(activity.detail()),
                names.id(activity.outcome()),
                !activity.outcome().equals(Activity.OK),
                activity.httpStatus().orElse(0),
                activity.duration().toNanos(),
                activity.bytesIn(),
                activity.bytesOut());
    }

    private void number(int index, long value) throws SQLException {
        if (value == 0) {
            insert.setNull(index, Types.BIGINT);
        } else {
            insert.setLong(index, value);
        }
    }

    /** Removes some of the oldest activities that a retention does not keep. Returns how many; 0 if all that is left is kept. */
    int prune(Pruning pruning) throws SQLException {
        return this.<Integer>transaction(row -> pruning.step(connection, database, row, rollup, key));
    }

    /** Removes everything. Returns how many activities there were. */
    long clear() throws SQLException {
        return transaction(row -> {
            for (String table : List.of(
                    "activity",
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
            row.withAnchor(row.head(), row.headAt(), row.headHash(), key, true, true)
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
            T result = work.apply(row);
            ChainRow after = ChainRow.read(readChain);
            database.commit(connection);
            committed = after;
            names.begin(after.namesEpoch());
            return result;
        } catch (SQLException | RuntimeException e) {
            rollback(e);
            throw e;
        }
    }

    private void rollback(Exception cause) {
        names.forget();
        try {
            rollup.forget();
            insert.clearBatch();
            database.rollback(connection);
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
