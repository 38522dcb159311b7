package io.agenthub.store;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the identifiers of requests occur: for each stretch of {@value #STRETCH} sequences that is full, a Bloom filter (Bloom 1970)
 * of those in it. Identifiers hardly recur, so that an index would cost the writer as much as the rest of an activity; and they
 * are looked for one at a time. A stretch that is not full yet is looked through.
 */
final class RequestIds {
    static final int STRETCH = 16 * Facets.BLOCK;
    /** Eight for each activity: of the stretches without an identifier, about one in fifty is looked through in vain. */
    private static final int BITS = 8 * STRETCH;

    private static final int HASHES = 5;
    private static final byte[] NONE = {};

    private RequestIds() {}

    static long stretch(long sequence) {
        return sequence / STRETCH;
    }

    private static Extent extent(long stretch) {
        return new Extent(stretch * STRETCH, stretch * STRETCH + STRETCH - 1);
    }

    /** Writes the filters of the stretches that became full by these sequences, within the transaction at hand. */
    static void seal(Connection connection, long first, long last) throws SQLException {
        for (long stretch = stretch(first); stretch < stretch(last + 1); stretch++) {
            try (Segments segments = new Segments(connection);
                    PreparedStatement insert =
                            connection.prepareStatement("INSERT INTO request_ids (stretch, filter) VALUES (?, ?)")) {
                insert.setLong(1, stretch);
                insert.setBytes(2, filter(segments.within(extent(stretch))));
                insert.executeUpdate();
            }
        }
    }

    private static byte[] filter(List<Segment> segments) {
        byte[] filter = NONE;
        for (Segment segment : segments) {
            for (int i = 0; i < segment.count(); i++) {
                String id = segment.requestId(i);
                if (id != null) {
                    filter = filter.length == 0 ? new byte[BITS / Byte.SIZE] : filter;
                    add(filter, id);
                }
            }
        }
        return filter;
    }

    private static void add(byte[] filter, String id) {
        long hash = hash(id);
        for (int i = 0; i < HASHES; i++) {
            int bit = bit(hash, i);
            filter[bit / Byte.SIZE] |= (byte) (1 << bit % Byte.SIZE);
        }
    }

    /** Whether an identifier may be among those of a filter; a damaged one excludes nothing. */
    private static boolean mayHold(byte @Nullable [] filter, long hash) {
        if (filter == null || (filter.length != 0 && filter.length != BITS / Byte.SIZE)) {
            return true;
        }
        for (int i = 0; i < HASHES; i++) {
            int bit = bit(hash, i);
            if (filter.length == 0 || (filter[bit / Byte.SIZE] >> bit % Byte.SIZE & 1) == 0) {
                return false;
            }
        }
        return true;
    }

    /** Two halves of one hash make as many as are wanted (Kirsch and Mitzenmacher 2006). */
    private static int bit(long hash, int number) {
        return ((int) hash + number * (int) (hash >>> Integer.SIZE)) & (BITS - 1);
    }

    /** FNV-1a, with its bits mixed once more. */
    private static long hash(String id) {
        long hash = 0xcbf29ce484222325L;
        for (byte each : id.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (each & 0xff)) * 0x100000001b3L;
        }
        hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
        return hash ^ (hash >>> 33);
    }

    /** The stretches where an identifier may be, within a part of the record, newest first. */
    static Candidates candidates(Connection connection, String id, Extent extent) throws SQLException {
        long newest = stretch(extent.most());
        List<Extent> found = new ArrayList<>();
        long hash = hash(id);
        long unfiltered = newest;
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT stretch, filter FROM request_ids WHERE stretch BETWEEN ? AND ? ORDER BY stretch DESC")) {
            select.setLong(1, stretch(extent.least()));
            select.setLong(2, newest);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    long stretch = row.getLong(1);
                    for (; unfiltered > stretch; unfiltered--) {
                        found.add(extent(unfiltered).and(extent));
                    }
                    unfiltered = stretch - 1;
                    if (mayHold(row.getBytes(2), hash)) {
                        found.add(extent(stretch).and(extent));
                    }
                }
            }
        }
        for (; unfiltered >= stretch(extent.least()); unfiltered--) {
            found.add(extent(unfiltered).and(extent));
        }
        return new EveryBlock(found);
    }

    /** Removes the filters of what lies before a sequence as a whole. */
    static void removeBefore(Connection connection, long sequence) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement("DELETE FROM request_ids WHERE stretch < ?")) {
            delete.setLong(1, stretch(sequence));
            delete.executeUpdate();
        }
    }
}
