package io.agenthub.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where values occur: for each value of a facet and each block of {@value #BLOCK} sequences it occurs in, a row with a bit for
 * each sequence. It takes the place of an index for each column, at a tenth of what those cost the writer: an activity adds a bit
 * to rows that are there already. And it answers what indexes cannot: blocks in which several values meet in one activity.
 *
 * <p>Collects what a transaction adds, then writes it at once. Confined to the writer thread.
 */
final class Facets {
    static final int BLOCK = 256;
    static final int WORDS = BLOCK / Long.SIZE;

    private static final String ADD =
            "INSERT INTO facet AS t (dim, value, block, m0, m1, m2, m3) VALUES (?, ?, ?, ?, ?, ?, ?)"
                    + " ON CONFLICT (dim, value, block) DO UPDATE SET m0 = t.m0 | excluded.m0, m1 = t.m1 | excluded.m1,"
                    + " m2 = t.m2 | excluded.m2, m3 = t.m3 | excluded.m3";
    private static final Facet[] FACETS = Facet.values();

    private final PreparedStatement add;
    private final Map<Place, long[]> places = new HashMap<>();

    private record Place(Facet facet, long value, long block) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Place that && facet == that.facet && value == that.value && block == that.block;
        }

        @Override
        public int hashCode() {
            return (facet.hashCode() * 31 + Long.hashCode(value)) * 31 + Long.hashCode(block);
        }
    }

    /** Which sequences of one block share a cell. */
    static final class Marks {
        private long block = -1;
        private long[] bits = new long[WORDS];

        /** Marks a sequence, unless others are marked that are not of its block. Returns whether it did. */
        boolean mark(long sequence) {
            long its = block(sequence);
            if (block >= 0 && block != its) {
                return false;
            }
            block = its;
            int bit = (int) (sequence % BLOCK);
            bits[bit / Long.SIZE] |= 1L << bit;
            return true;
        }
    }

    /** Prepares to write by a connection; the statement ends with it. */
    Facets(Connection connection) throws SQLException {
        add = connection.prepareStatement(ADD);
    }

    static long block(long sequence) {
        return sequence / BLOCK;
    }

    /** Takes over what was marked for a cell. */
    void collect(Cell cell, Marks marks) {
        if (marks.block < 0) {
            return;
        }
        for (Facet facet : FACETS) {
            long value = facet.of(cell);
            if (value != 0) {
                long[] bits = places.computeIfAbsent(new Place(facet, value, marks.block), none -> new long[WORDS]);
                for (int i = 0; i < WORDS; i++) {
                    bits[i] |= marks.bits[i];
                }
            }
        }
        marks.block = -1;
        marks.bits = new long[WORDS];
    }

    /** Forgets what was collected since the last flush. */
    void forget() throws SQLException {
        places.clear();
        add.clearBatch();
    }

    /** Writes what was collected and forgets it. */
    void flush() throws SQLException {
        for (Map.Entry<Place, long[]> entry : places.entrySet()) {
            Place place = entry.getKey();
            add.setInt(1, place.facet.dim());
            add.setLong(2, place.value);
            add.setLong(3, place.block);
            for (int i = 0; i < WORDS; i++) {
                add.setLong(4 + i, entry.getValue()[i]);
            }
            add.addBatch();
        }
        add.executeBatch();
        places.clear();
    }

    /**
     * Removes everything before a sequence.
     *
     * @return the names that occurred there, and perhaps nowhere else
     */
    static Set<Long> removeBefore(Connection connection, long sequence) throws SQLException {
        long block = block(sequence);
        keepFrom(connection, block, (int) (sequence % BLOCK));
        String where = "WHERE block <= " + block + " AND (block < " + block + " OR (m0 | m1 | m2 | m3) = 0)";
        // The plus keeps the database from going through all that is kept of these dimensions.
        Set<Long> names = new HashSet<>(Numbers.all(
                connection, Condition.of("SELECT DISTINCT value FROM facet " + where + " AND +dim IN " + Facet.NAMES)));
        try (PreparedStatement delete = connection.prepareStatement("DELETE FROM facet " + where)) {
            delete.executeUpdate();
        }
        return names;
    }

    private static void keepFrom(Connection connection, long block, int first) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "UPDATE facet SET m0 = m0 & ?, m1 = m1 & ?, m2 = m2 & ?, m3 = m3 & ? WHERE block = ?")) {
            for (int i = 0; i < WORDS; i++) {
                int bit = first - i * Long.SIZE;
                update.setLong(1 + i, bit <= 0 ? -1 : bit >= Long.SIZE ? 0 : -1L << bit);
            }
            update.setLong(1 + WORDS, block);
            update.executeUpdate();
        }
    }
}
