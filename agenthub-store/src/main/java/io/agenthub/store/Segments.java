package io.agenthub.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Reads the table of segments by one connection, one at a time, since the bodies in a single one may take MBs. */
final class Segments implements AutoCloseable {
    private static final int AT_A_TIME = 8;

    private final PreparedStatement oldestFirst;
    private final PreparedStatement newestFirst;

    Segments(Connection connection) throws SQLException {
        String select = "SELECT first, last, data FROM segment WHERE first BETWEEN ? AND ? ORDER BY first";
        oldestFirst = connection.prepareStatement(select);
        newestFirst = connection.prepareStatement(select + " DESC");
        oldestFirst.setFetchSize(AT_A_TIME);
        newestFirst.setFetchSize(AT_A_TIME);
    }

    /** Looks at segments. */
    @FunctionalInterface
    interface Visitor {
        /** Looks at one. Returns whether it wants to see more. */
        boolean visit(Segment segment) throws SQLException;
    }

    /** Shows those that begin within a part of the record, oldest first. */
    void within(Extent extent, Visitor visitor) throws SQLException {
        show(oldestFirst, extent, visitor);
    }

    /** Shows those of a block, newest first. Returns whether the visitor wants to see more. */
    boolean ofBlock(long block, Visitor visitor) throws SQLException {
        return show(newestFirst, Extent.ofBlock(block), visitor);
    }

    private static boolean show(PreparedStatement select, Extent extent, Visitor visitor) throws SQLException {
        select.setLong(1, extent.least());
        select.setLong(2, extent.most());
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                if (!visitor.visit(Segment.of(row.getLong(1), row.getLong(2), row.getBytes(3)))) {
                    return false;
                }
            }
        }
        return true;
    }

    @Override
    public void close() throws SQLException {
        oldestFirst.close();
        newestFirst.close();
    }
}
