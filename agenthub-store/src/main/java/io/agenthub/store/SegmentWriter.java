package io.agenthub.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** Writes activities in the order of their sequences, as segments that end where blocks do. Confined to the writer thread. */
final class SegmentWriter implements AutoCloseable {
    private final PreparedStatement insert;
    private final Segment.Packer packer;
    private long first;

    /**
     * Prepares to write by a connection; the statement ends with it, or sooner.
     *
     * @param form of the links that come
     */
    SegmentWriter(Connection connection, Form form) throws SQLException {
        packer = new Segment.Packer(form);
        insert = connection.prepareStatement("INSERT INTO segment (first, last, data) VALUES (?, ?, ?)");
    }

    /** Adds an activity that follows the last one, or begins a new segment. */
    void add(Entry entry, long sequence, Hash link) throws SQLException {
        long next = first + packer.count();
        if (packer.count() > 0 && (sequence != next || Facets.block(sequence) != Facets.block(first))) {
            end();
        }
        if (packer.count() == 0) {
            first = sequence;
        }
        packer.add(entry, link);
    }

    private void end() throws SQLException {
        insert.setLong(1, first);
        insert.setLong(2, first + packer.count() - 1);
        insert.setBytes(3, packer.pack());
        insert.executeUpdate();
    }

    /** Writes what was added. */
    void flush() throws SQLException {
        if (packer.count() > 0) {
            end();
        }
    }

    /** Forgets what was added since the last flush. */
    void forget() {
        packer.clear();
    }

    @Override
    public void close() throws SQLException {
        insert.close();
    }
}
