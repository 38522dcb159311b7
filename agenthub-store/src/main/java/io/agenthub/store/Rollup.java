package io.agenthub.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All sums that make statistics and totals independent of the number of activities, by days and by hours. And per minute and
 * kind, which sequences fell into it, since sequences and not times order the record. What it collects of activities leads to
 * them by {@link Facets} as well. Collects what a transaction adds or removes, then writes it at once. Confined to the writer
 * thread.
 */
final class Rollup {
    /** The seconds of a slot of {@code span}. */
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

    private static final String ADD_SPAN =
            "INSERT INTO span (slot, kind, least, most, n, failed) VALUES (?, ?, ?, ?, ?, ?)"
                    + " ON CONFLICT (slot, kind) DO UPDATE SET n = span.n + excluded.n, failed = span.failed + excluded.failed,"
                    + " least = CASE WHEN excluded.n > 0 AND excluded.least < span.least THEN excluded.least ELSE span.least END,"
                    + " most = CASE WHEN excluded.n > 0 AND excluded.most > span.most THEN excluded.most ELSE span.most END";

    private final Names names;
    private final PreparedStatement addSpan;
    private final Map<Minute, Span> spans = new HashMap<>();
    private final Map<Shape, Tally> tallies = new HashMap<>();
    private final Map<Latency, Sums> latencies = new HashMap<>();
    private final List<Dimensions> dimensions = new ArrayList<>();
    private final List<Cube> cubes = new ArrayList<>();
    private final List<SumTable<?>> tables = new ArrayList<>();
    private final Facets facets;

    // What they are compared by is written out here and in other records of this package: what a record comes with is
    // put
    // together by method handles, and their first use is what a start can do without.
    private record Minute(long slot, int kind) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Minute that && slot == that.slot && kind == that.kind;
        }

        @Override
        public int hashCode() {
            return Long.hashCode(slot) * 31 + kind;
        }
    }

    private record Latency(long hour, int kind, int latency) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Latency that && hour == that.hour && kind == that.kind && latency == that.latency;
        }

        @Override
        public int hashCode() {
            return (Long.hashCode(hour) * 31 + kind) * 31 + latency;
        }
    }

    /** What is known of the activities of a transaction that share a shape and an hour. */
    private static final class Tally {
        private final long hour;
        private final Sums sums = new Sums();
        private final Facets.Marks marks = new Facets.Marks();

        Tally(long hour) {
            this.hour = hour;
        }
    }

    private static final class Span {
        private long least = Long.MAX_VALUE;
        private long most = Long.MIN_VALUE;
        private long n;
        private long failed;
    }

    /** Prepares to write sums by a connection; its statements end with it. */
    Rollup(Connection connection, Names names) throws SQLException {
        this.names = names;
        addSpan = connection.prepareStatement(ADD_SPAN);
        facets = new Facets(connection);
        for (Grain grain : Grain.values()) {
            dimensions.add(new Dimensions(connection, grain));
            cubes.add(new Cube(connection, grain));
        }
        dimensions.forEach(sums -> tables.add(sums.table()));
        cubes.forEach(cube -> tables.add(cube.table()));
    }

    /** Counts an activity, once with 1 or -1 times. */
    void count(Entry entry, long sequence, int times) throws SQLException {
        Shape shape = entry.shape();
        long hour = Grain.HOUR.slot(entry.micros());
        Tally tally = tallies.get(shape);
        if (tally == null || tally.hour != hour) {
            if (tally != null) {
                spread(shape, tally);
            }
            tally = new Tally(hour);
            tallies.put(shape, tally);
        }
        if (times > 0 && !tally.marks.mark(sequence)) {
            spread(shape, tally);
            tally.marks.mark(sequence);
        }
        tally.sums.add(entry, times);
        int kind = Codes.of(shape.kind());
        Latency latency = new Latency(hour, kind, Latencies.classOf(entry.nanos()));
        latencies.computeIfAbsent(latency, none -> new Sums()).add(entry, times);
        Span span = spans.computeIfAbsent(
                new Minute(Math.floorDiv(entry.micros(), MINUTE * 1_000_000), kind), key -> new Span());
        span.least = Math.min(span.least, sequence);
        span.most = Math.max(span.most, sequence);
        span.n += times;
        span.failed += shape.failed() ? times : 0;
    }

    /** Forgets what was counted since the last flush. */
    void forget() throws SQLException {
        tallies.clear();
        latencies.clear();
        spans.clear();
        addSpan.clearBatch();
        facets.forget();
        for (SumTable<?> table : tables) {
            table.forget();
        }
    }

    /** Writes the sums and forgets them. */
    void flush() throws SQLException {
        spread();
        facets.flush();
        for (SumTable<?> table : tables) {
            table.flush();
        }
        for (Map.Entry<Minute, Span> entry : spans.entrySet()) {
            bind(entry.getKey(), entry.getValue());
            addSpan.addBatch();
        }
        addSpan.executeBatch();
        spans.clear();
    }

    /** Hands what was counted to the tables: a few sums, however many activities are in them. */
    private void spread() throws SQLException {
        for (Map.Entry<Shape, Tally> entry : tallies.entrySet()) {
            spread(entry.getKey(), entry.getValue());
        }
        latencies.forEach(
                (key, sums) -> dimensions.forEach(table -> table.countLatency(key.hour, key.kind, key.latency, sums)));
        tallies.clear();
        latencies.clear();
    }

    private void spread(Shape shape, Tally tally) throws SQLException {
        Cell cell = Cell.of(shape, tally.hour, names);
        dimensions.forEach(table -> table.count(cell, tally.sums));
        cubes.forEach(table -> table.count(cell, tally.sums));
        facets.collect(cell, tally.marks);
        tally.sums.clear();
    }

    /** Removes sums that have become zero, between the slots of two instants. */
    static void sweep(Connection connection, long leastMicros, long mostMicros) throws SQLException {
        for (Grain grain : Grain.values()) {
            long first = grain.slot(leastMicros);
            long last = grain.slot(mostMicros);
            sweep(connection, grain.rollup() + " WHERE dim IN (0, 1, 2, 3, 4, 5, 6, 7) AND", first, last);
            sweep(connection, grain.cube() + " WHERE", first, last);
        }
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

    private void bind(Minute minute, Span span) throws SQLException {
        addSpan.setLong(1, minute.slot);
        addSpan.setInt(2, minute.kind);
        addSpan.setLong(3, span.least);
        addSpan.setLong(4, span.most);
        addSpan.setLong(5, span.n);
        addSpan.setLong(6, span.failed);
    }
}
