package io.agenthub.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Sums in a table, by a key of some columns. Collects what is added and removed, then writes it at once. Confined to the writer
 * thread.
 *
 * @param <K> the key
 */
final class SumTable<K> {
    private static final List<String> SUMS = List.of("n", "failed", "nanos", "bytes_in", "bytes_out");

    private final PreparedStatement add;
    private final int keys;
    private final Binder<K> binder;
    private final Map<K, Sums> sums = new HashMap<>();

    /** Sets the columns of a key, the first of which is number 1. */
    @FunctionalInterface
    interface Binder<K> {
        void bind(PreparedStatement add, K key) throws SQLException;
    }

    /** Prepares to write by a connection; the statement ends with it. */
    SumTable(Connection connection, String table, List<String> keys, Binder<K> binder) throws SQLException {
        this.keys = keys.size();
        this.binder = binder;
        List<String> columns = Stream.concat(keys.stream(), SUMS.stream()).toList();
        this.add = connection.prepareStatement("INSERT INTO " + table + " AS t (" + String.join(", ", columns)
                + ") VALUES (" + columns.stream().map(column -> "?").collect(Collectors.joining(", "))
                + ") ON CONFLICT (" + String.join(", ", keys) + ") DO UPDATE SET "
                + SUMS.stream()
                        .map(sum -> sum + " = t." + sum + " + excluded." + sum)
                        .collect(Collectors.joining(", ")));
    }

    void count(K key, Sums more) {
        sums.computeIfAbsent(key, none -> new Sums()).add(more);
    }

    /** Forgets what was counted since the last flush. */
    void forget() throws SQLException {
        sums.clear();
        add.clearBatch();
    }

    /** Writes the sums and forgets them. */
    void flush() throws SQLException {
        for (Map.Entry<K, Sums> entry : sums.entrySet()) {
            binder.bind(add, entry.getKey());
            entry.getValue().bind(add, keys + 1);
            add.addBatch();
        }
        add.executeBatch();
        sums.clear();
    }
}
