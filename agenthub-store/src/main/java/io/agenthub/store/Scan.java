package io.agenthub.store;

import java.sql.Connection;
import java.sql.SQLException;

/** Goes through activities, newest first, a block at a time. */
final class Scan {
    private Scan() {}

    /** Looks at activities. */
    @FunctionalInterface
    interface Visitor {
        /** Looks at one. Returns whether it wants to see more. */
        boolean visit(Segment segment, int index);
    }

    /** Shows a visitor what the candidates mark within a part of the record. */
    static void go(Connection connection, Candidates candidates, Extent extent, Visitor visitor) throws SQLException {
        try (Segments segments = new Segments(connection)) {
            while (candidates.next()) {
                for (Segment segment : segments.ofBlock(candidates.block())) {
                    if (!show(segment, candidates, extent, visitor)) {
                        return;
                    }
                }
            }
        }
    }

    private static boolean show(Segment segment, Candidates candidates, Extent extent, Visitor visitor) {
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
