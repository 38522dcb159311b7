package io.agenthub.store;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
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
    private static final long NO_SEQUENCE = -1;

    private final Connection connection;
    private final byte[] filter = new byte[BITS / Byte.SIZE];
    private boolean any;
    /** The sequence that comes next, if those of its stretch so far are in the filter; or none. */
    private long next = NO_SEQUENCE;

    private final List<Full> full = new ArrayList<>();

    /** A stretch that became full, and its filter, or null if that is to be made of the segments. */
    private static final class Full {
        private final long stretch;
        private final byte @Nullable [] filter;

        Full(long stretch, byte @Nullable [] filter) {
            this.stretch = stretch;
            this.filter = filter;
        }
    }

    /** Prepares to write filters by a connection. Confined to the writer thread. */
    RequestIds(Connection connection) {
        this.connection = connection;
    }

    static long stretch(long sequence) {
        return sequence / STRETCH;
    }

    private static Extent extent(long stretch) {
        return new Extent(stretch * STRETCH, stretch * STRETCH + STRETCH - 1);
    }

    /** Adds what a transaction writes, in the order of the sequences, the first of which is 1. */
    void add(Entry entry, long sequence) {
        if (sequence == 1 || sequence % STRETCH == 0) {
            begin(sequence);
        }
        if (sequence == next) {
            any |= add(filter, entry.rest());
            next++;
        } else {
            next = NO_SEQUENCE;
        }
        if ((sequence + 1) % STRETCH == 0) {
            full.add(new Full(stretch(sequence), next == NO_SEQUENCE ? null : any ? filter.clone() : NONE));
        }
    }

    private void begin(long sequence) {
        Arrays.fill(filter, (byte) 0);
        any = false;
        next = sequence;
    }

    /** Writes the filters of the stretches that became full, the segments of which are written already. */
    void flush() throws SQLException {
        for (Full each : full) {
            write(connection, each.stretch, each.filter);
        }
        full.clear();
    }

    /** Forgets what was added: the filter of the stretch at hand is made of the segments. */
    void forget() {
        full.clear();
        next = NO_SEQUENCE;
    }

    /** Writes the filters of the stretches that become full by these sequences, which are in segments. */
    static void seal(Connection connection, long first, long last) throws SQLException {
        for (long stretch = stretch(first); stretch < stretch(last + 1); stretch++) {
            write(connection, stretch, null);
        }
    }

    private static void write(Connection connection, long stretch, byte @Nullable [] known) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO request_ids (stretch, filter) VALUES (?, ?)")) {
            insert.setLong(1, stretch);
            insert.setBytes(2, known == null ? written(connection, stretch) : known);
            insert.executeUpdate();
        }
    }

    private static byte[] written(Connection connection, long stretch) throws SQLException {
        try (Segments segments = new Segments(connection)) {
            byte[] filter = new byte[BITS / Byte.SIZE];
            AtomicBoolean any = new AtomicBoolean();
            segments.within(extent(stretch), segment -> {
                for (int i = 0; i < segment.count(); i++) {
                    if (segment.addRequestId(i, filter)) {
                        any.set(true);
                    }
                }
                return true;
            });
            return any.get() ? filter : NONE;
        }
    }

    /** Adds the identifier that stands first in what an activity has for itself. Returns whether there is one. */
    static boolean add(byte[] filter, Packed rest) {
        int length = rest.size();
        if (length < 0) {
            return false;
        }
        long hash = hash(rest.in(), rest.skip(length), length);
        for (int i = 0; i < HASHES; i++) {
            int bit = bit(hash, i);
            filter[bit / Byte.SIZE] |= (byte) (1 << bit % Byte.SIZE);
        }
        return true;
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
    private static long hash(byte[] in, int from, int length) {
        long hash = 0xcbf29ce484222325L;
        for (int i = from; i < from + length; i++) {
            hash = (hash ^ (in[i] & 0xff)) * 0x100000001b3L;
        }
        hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
        return hash ^ (hash >>> 33);
    }

    /** The stretches where an identifier may be, within a part of the record, newest first. */
    static Candidates candidates(Connection connection, String id, Extent extent) throws SQLException {
        long newest = stretch(extent.most());
        List<Extent> found = new ArrayList<>();
        byte[] bytes = id.getBytes(StandardCharsets.UTF_8);
        long hash = hash(bytes, 0, bytes.length);
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
