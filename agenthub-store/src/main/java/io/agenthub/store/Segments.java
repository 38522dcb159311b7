package io.agenthub.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Reads the table of segments by one connection. */
final class Segments implements AutoCloseable {
    private final PreparedStatement oldestFirst;
    private final PreparedStatement newestFirst;

    Segments(Connection connection) throws SQLException {
        String select = "SELECT first, last, data FROM segment WHERE first BETWEEN ? AND ? ORDER BY first";
        oldestFirst = connection.prepareStatement(select);
        newestFirst = connection.prepareStatement(select + " DESC");
    }

    /** Those that begin within a part of the record, oldest first. */
    List<Segment> within(Extent extent) throws SQLException {
        return read(oldestFirst, extent);
    }

    /** Those of a block, newest first. */
    List<Segment> ofBlock(long block) throws SQLException {
        return read(newestFirst, Extent.ofBlock(block));
    }

    private static List<Segment> read(PreparedStatement select, Extent extent) throws SQLException {
        List<Segment> segments = new ArrayList<>();
        select.setLong(1, extent.least());
        select.setLong(2, extent.most());
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                segments.add(Segment.of(row.getLong(1), row.getLong(2), row.getBytes(3)));
            }
        }
        return segments;
    }

    @Override
    public void close() throws SQLException {
        oldestFirst.close();
        newestFirst.close();
    }
}
