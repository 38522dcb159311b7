package io.agenthub.store;

import io.agenthub.api.activity.Activity;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Texts that recur - clients, servers, tools, outcomes, details - each kept once and referred to by number. Confined to the
 * writer thread; {@link #find} is for any connection.
 */
final class Names {
    /** The number of {@link Activity#OK}, in every database from the beginning. */
    static final long OK = 1;

    private static final int REMEMBERED = 8_192;
    private static final String FIND = "SELECT id FROM name WHERE hash = ?";

    private final PreparedStatement select;
    private final PreparedStatement insert;
    private final Map<String, Long> known = new LinkedHashMap<>(256, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > REMEMBERED;
        }
    };
    private long epoch = -1;

    Names(Connection connection) throws SQLException {
        select = connection.prepareStatement(FIND);
        insert = connection.prepareStatement("INSERT INTO name (hash, text) VALUES (?, ?) RETURNING id");
    }

    /** Forgets what it knows if somebody removed names since. */
    void begin(long namesEpoch) {
        if (epoch != namesEpoch) {
            known.clear();
            epoch = namesEpoch;
        }
    }

    /** Forgets what it knows: the transaction that wrote some of it did not commit. */
    void forget() {
        known.clear();
    }

    long id(String text) throws SQLException {
        Long id = known.get(text);
        if (id == null) {
            byte[] hash = hash(text);
            id = find(select, hash).orElse(0);
            if (id == 0) {
                id = add(hash, text);
            }
            known.put(text, id);
        }
        return id;
    }

    /** The number of a text, or 0 for none. */
    long idOrNone(@Nullable String text) throws SQLException {
        return text == null ? 0 : id(text);
    }

    private long add(byte[] hash, String text) throws SQLException {
        insert.setBytes(1, hash);
        insert.setString(2, text);
        try (ResultSet row = insert.executeQuery()) {
            if (!row.next()) {
                throw new SQLException("a name was written but has no number", "XX000");
            }
            return row.getLong(1);
        }
    }

    static OptionalLong find(Connection connection, String text) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(FIND)) {
            return find(select, hash(text));
        }
    }

    private static OptionalLong find(PreparedStatement select, byte[] hash) throws SQLException {
        select.setBytes(1, hash);
        try (ResultSet row = select.executeQuery()) {
            return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
        }
    }

    /** Removes those of the given names that occur nowhere any more. Returns whether there were any. */
    static boolean removeUnused(Connection connection, Collection<Long> candidates) throws SQLException {
        int removed = 0;
        try (PreparedStatement delete = connection.prepareStatement("DELETE FROM name WHERE id = ?"
                + " AND NOT EXISTS (SELECT 1 FROM facet WHERE dim IN " + Facet.NAMES + " AND value = name.id)")) {
            for (long id : candidates) {
                if (id != OK) {
                    delete.setLong(1, id);
                    delete.addBatch();
                }
            }
            removed = Arrays.stream(delete.executeBatch()).sum();
        }
        return removed > 0;
    }

    /** Writes the name that every database begins with. */
    static void begin(Connection connection) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO name (id, hash, text) VALUES (" + OK + ", ?, ?)")) {
            insert.setBytes(1, hash(Activity.OK));
            insert.setString(2, Activity.OK);
            insert.executeUpdate();
        }
    }

    /** Half of a SHA-256: long texts do not fit an index, and nobody can make two texts collide. */
    private static byte[] hash(String text) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return Arrays.copyOf(digest.digest(text.getBytes(StandardCharsets.UTF_8)), 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
