package io.agenthub.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/**
 * Sums that make statistics and totals independent of the number of activities: per hour, kind, and value of a
 * dimension. And per minute and kind, which sequences fell into it, since sequences and not times order the record. Collects
 * what a transaction adds or removes, then writes it at once. Confined to the writer thread.
 */
final class Rollup {
    /** The seconds of a slot of {@code rollup}, and of a slot of {@code span}. */
    static final long SLOT = 3_600;

    static final long MINUTE = 60;

    /** The dimensions, as they stand in the table. */
    static final int ALL = 0;

    static final int OUTCOME = 1;
    static final int SERVER = 2;
    static final int CLIENT = 3;
    static final int TOOL = 4;
    static final int METHOD = 5;
    static final int STATUS = 6;
    static final int LATENCY = 7;

    private static final String ADD =
            "INSERT INTO rollup (dim, slot, kind, a, b, n, failed, nanos, bytes_in, bytes_out)"
                    + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (dim, slot, kind, a, b) DO UPDATE SET"
                    + " n = rollup.n + excluded.n, failed = rollup.failed + excluded.failed, nanos = rollup.nanos + excluded.nanos,"
                    + " bytes_in = rollup.bytes_in + excluded.bytes_in, bytes_out = rollup.bytes_out + excluded.bytes_out";
    private static final String ADD_SPAN =
            "INSERT INTO span (slot, kind, least, most, n, failed) VALUES (?, ?, ?, ?, ?, ?)"
                    + " ON CONFLICT (slot, kind) DO UPDATE SET n = span.n + excluded.n, failed = span.failed + excluded.failed,"
                    + " least = CASE WHEN excluded.n > 0 AND excluded.least < span.least THEN excluded.least ELSE span.least END,"
                    + " most = CASE WHEN excluded.n > 0 AND excluded.most > span.most THEN excluded.most ELSE span.most END";

    private final Map<Key, Cube.Sums> sums = new HashMap<>();
    private final Map<Minute, Span> spans = new HashMap<>();
    private final Cube cube = new Cube();

    /** What the sums need to know of an activity; names as numbers, 0 for none. */
    record Facts(
            long sequence,
            long micros,
            int kind,
            long client,
            long server,
            long method,
            long tool,
            long outcome,
            boolean failed,
            int status,
            long nanos,
            long bytesIn,
            long bytesOut) {}

    private record Key(int dim, long slot, int kind, long a, long b) {}

    private record Minute(long slot, int kind) {}

    private static final class Span {
        private long least = Long.MAX_VALUE;
        private long most = Long.MIN_VALUE;
        private long n;
        private long failed;
    }

    /** Counts an activity, once with 1 or -1 times. */
    void count(Facts facts, int times) {
        cube.count(facts, times);
        add(ALL, 0, 0, facts, times);
        add(OUTCOME, facts.outcome, 0, facts, times);
        addIfAny(SERVER, facts.server, facts, times);
        addIfAny(CLIENT, facts.client, facts, times);
        addIfAny(METHOD, facts.method, facts, times);
        addIfAny(STATUS, facts.status, facts, times);
        if (facts.tool != 0) {
            add(TOOL, facts.server, facts.tool, facts, times);
        }
        add(LATENCY, Latencies.classOf(facts.nanos), 0, facts, times);
        Span span = spans.computeIfAbsent(
                new Minute(Math.floorDiv(facts.micros, MINUTE * 1_000_000), facts.kind), key -> new Span());
        span.least = Math.min(span.least, facts.sequence);
        span.most = Math.max(span.most, facts.sequence);
        span.n += times;
        span.failed += facts.failed ? times : 0;
    }

    private void addIfAny(int dim, long a, Facts facts, int times) {
        if (a != 0) {
            add(dim, a, 0, facts, times);
        }
    }

    private void add(int dim, long a, long b, Facts facts, int times) {
        Key key = new Key(dim, Math.floorDiv(facts.micros, SLOT * 1_000_000), facts.kind, a, b);
        sums.computeIfAbsent(key, none -> new Cube.Sums()).add(facts, times);
    }

    void forget() {
        sums.clear();
        spans.clear();
        cube.forget();
    }

    /** Writes the sums and forgets them. */
    void flush(Connection connection) throws SQLException {
        try (PreparedStatement add = connection.prepareStatement(ADD)) {
            for (Map.Entry<Key, Cube.Sums> entry : sums.entrySet()) {
                bind(add, entry.getKey(), entry.getValue());
                add.addBatch();
            }
            add.executeBatch();
        }
        try (PreparedStatement add = connection.prepareStatement(ADD_SPAN)) {
            for (Map.Entry<Minute, Span> entry : spans.entrySet()) {
                Span span = entry.getValue();
                add.setLong(1, entry.getKey().slot);
                add.setInt(2, entry.getKey().kind);
                add.setLong(3, span.least);
                add.setLong(4, span.most);
                add.setLong(5, span.n);
                add.setLong(6, span.failed);
                add.addBatch();
            }
            add.executeBatch();
        }
        cube.flush(connection);
        forget();
    }

    /** Removes sums that have become zero, between the slots of two instants. */
    static void sweep(Connection connection, long leastMicros, long mostMicros) throws SQLException {
        long first = Math.floorDiv(leastMicros, SLOT * 1_000_000);
        long last = Math.floorDiv(mostMicros, SLOT * 1_000_000);
        sweep(connection, "rollup WHERE dim IN (0, 1, 2, 3, 4, 5, 6, 7) AND", first, last);
        sweep(connection, "cube WHERE", first, last);
        sweep(
                connection,
                "span WHERE",
                Math.floorDiv(leastMicros, MINUTE * 1_000_000),
                Math.floorDiv(mostMicros, MINUTE * 1_000_000));
    }

    private static void sweep(Connection connection, String from, long first, long last) throws SQLException {
        try (PreparedStatement delete =
                connection.prepareStatement("DELETE FROM " + from + " slot BETWEEN ? AND ? AND n <= 0")) {
            delete.setLong(1, first);
            delete.setLong(2, last);
            delete.executeUpdate();
        }
    }

    private static void bind(PreparedStatement add, Key key, Cube.Sums sum) throws SQLException {
        add.setInt(1, key.dim);
        add.setLong(2, key.slot);
        add.setInt(3, key.kind);
        add.setLong(4, key.a);
        add.setLong(5, key.b);
        sum.bind(add, 6);
    }
}
