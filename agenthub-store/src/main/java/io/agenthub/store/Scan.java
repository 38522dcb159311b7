package io.agenthub.store;

import java.sql.Connection;
import java.sql.SQLException;

/** Goes through activities, newest first, a block at a time. */
final class Scan {
    /** As PostgreSQL calls it. */
    private static final String QUERY_CANCELED = "57014";

    private Scan() {}

    /** Looks at activities. */
    @FunctionalInterface
    interface Visitor {
        /** Looks at one. Returns whether it wants to see more. */
        boolean visit(Segment segment, int index) throws SQLException;
    }

    /** Shows a visitor what the candidates mark within a part of the record. */
    static void go(Connection connection, Candidates candidates, Extent extent, Visitor visitor) throws SQLException {
        try (Segments segments = new Segments(connection)) {
            while (candidates.next()) {
                if (StoreThread.isToEnd()) {
                    // The database ends what it is busy with; here it may be busy with nothing just now.
                    throw new SQLException("The query was ended", QUERY_CANCELED);
                }
                if (!segments.ofBlock(candidates.block(), segment -> show(segment, candidates, extent, visitor))) {
                    return;
                }
            }
        }
    }

    private static boolean show(Segment segment, Candidates candidates, Extent extent, Visitor visitor)
            throws SQLException {
        for (int i = segment.count() - 1; i >= 0; i--) {
            long sequence = segment.sequence(i);
            int bit = (int) (sequence % Facets.BLOCK);
            boolean marked = (candidates.marks(bit / Long.SIZE) >>> bit & 1) != 0;
            if (marked && extent.holds(sequence) && !visitor.visit(segment, i)) {
                return false;
            }
        }
        return true;
    }
}
