package io.agenthub.store;

import io.agenthub.api.activity.ChainHead;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Where the chain begins and ends: the one row of the table {@code chain}. Whoever holds its lock may write.
 *
 * @param namesEpoch grows when names are removed, so that other writers forget what they remember
 * @param summed the sequence up to which all is in the sums; what comes later is only where activities are
 */
record ChainRow(
        long head,
        long headAt,
        Hash headHash,
        long anchor,
        long anchorAt,
        Hash anchorHash,
        Hash seal,
        long namesEpoch,
        long summed) {

    /** Selects the row; what follows it may lock it. */
    static final String SELECT =
            "SELECT head, head_at, head_hash, anchor, anchor_at, anchor_hash, seal, names_epoch, summed FROM chain WHERE id = 1";
    /** Takes what {@link #update} sets. */
    static final String UPDATE = "UPDATE chain SET head = ?, head_at = ?, head_hash = ?, anchor = ?, anchor_at = ?,"
            + " anchor_hash = ?, seal = ?, names_epoch = ?, summed = ? WHERE id = 1";

    private static final String INSERT =
            "INSERT INTO chain (head, head_at, head_hash, anchor, anchor_at, anchor_hash, seal, names_epoch, summed, id)"
                    + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1)";

    /** The beginning of a new chain. */
    static ChainRow begin(long micros, byte[] key) {
        Hash genesis = Chain.genesis();
        return new ChainRow(0, micros, genesis, 0, micros, genesis, Chain.seal(key, 0, micros, genesis), 0, 0);
    }

    static ChainRow read(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(SELECT)) {
            return read(select);
        }
    }

    static ChainRow read(PreparedStatement select) throws SQLException {
        try (ResultSet row = select.executeQuery()) {
            if (!row.next()) {
                throw new SQLException("the table 'chain' is empty", "XX001");
            }
            return new ChainRow(
                    row.getLong(1),
                    row.getLong(2),
                    Hash.of(row.getBytes(3)),
                    row.getLong(4),
                    row.getLong(5),
                    Hash.of(row.getBytes(6)),
                    Hash.of(row.getBytes(7)),
                    row.getLong(8),
                    row.getLong(9));
        }
    }

    void insert(Connection connection) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            update(insert);
        }
    }

    void update(Connection connection) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(UPDATE)) {
            update(update);
        }
    }

    void update(PreparedStatement update) throws SQLException {
        update.setLong(1, head);
        update.setLong(2, headAt);
        update.setBytes(3, headHash.bytes());
        update.setLong(4, anchor);
        update.setLong(5, anchorAt);
        update.setBytes(6, anchorHash.bytes());
        update.setBytes(7, seal.bytes());
        update.setLong(8, namesEpoch);
        update.setLong(9, summed);
        update.executeUpdate();
    }

    ChainRow withHead(long sequence, long micros, Hash hash) {
        return new ChainRow(sequence, micros, hash, anchor, anchorAt, anchorHash, seal, namesEpoch, summed);
    }

    /** Everything that is in the record is in the sums. */
    ChainRow allSummed() {
        return new ChainRow(head, headAt, headHash, anchor, anchorAt, anchorHash, seal, namesEpoch, head);
    }

    /** What is in the record, but not in the sums. */
    Extent unsummed() {
        return new Extent(Math.max(summed, anchor) + 1, head);
    }

    /** Whether the owner of the key left the anchor where it is. */
    boolean isSealed(byte[] key) {
        return seal.equals(Chain.seal(key, anchor, anchorAt, anchorHash));
    }

    /**
     * Everything up to the sequence was removed, and perhaps names with it.
     *
     * @param sealed whether the new anchor is to be trusted; one that follows a forged one must not be
     */
    ChainRow withAnchor(long sequence, long micros, Hash hash, byte[] key, boolean sealed, boolean namesRemoved) {
        Hash newSeal = sealed ? Chain.seal(key, sequence, micros, hash) : seal;
        long epoch = namesRemoved ? namesEpoch + 1 : namesEpoch;
        return new ChainRow(head, headAt, headHash, sequence, micros, hash, newSeal, epoch, summed);
    }

    ChainHead headLink() {
        return Chain.head(head, headAt, headHash);
    }

    ChainHead anchorLink() {
        return Chain.head(anchor, anchorAt, anchorHash);
    }
}
