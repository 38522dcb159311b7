package io.agenthub.store;

import io.agenthub.api.activity.Activity.Kind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All sums that make statistics and totals independent of the number of activities, by days and by hours. And per minute and
 * kind, which sequences fell into it, since sequences and not times order the record. What it collects of activities leads to
 * them by {@link Facets} as well. Confined to the writer thread.
 *
 * <p>Collects what transactions add or remove, then writes it at once: where activities are with each transaction, the sums after
 * as many as their owner likes, since each further activity of a combination that is summed up already costs nothing more.
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

    private static final int MANY = 4_096;

    private static final String ADD_SPAN =
            "INSERT INTO span (slot, kind, least, most, n, failed) VALUES (?, ?, ?, ?, ?, ?)"
                    + " ON CONFLICT (slot, kind) DO UPDATE SET n = span.n + excluded.n, failed = span.failed + excluded.failed,"
                    + " least = CASE WHEN excluded.n > 0 AND excluded.least < span.least THEN excluded.least ELSE span.least END,"
                    + " most = CASE WHEN excluded.n > 0 AND excluded.most > span.most THEN excluded.most ELSE span.most END";

    private final Names names;
    private final PreparedStatement addSpan;
    private final Map<Shape, Tally> tallies = new HashMap<>();
    private final Map<Kind, KindTally> kinds = new EnumMap<>(Kind.class);
    private final List<Dimensions> dimensions = new ArrayList<>();
    private final List<Cube> cubes = new ArrayList<>();
    private final List<SumTable<?>> tables = new ArrayList<>();
    private final Facets facets;
    /** What the activity at hand adds. */
    private final Sums one = new Sums();
    /** How many tallies went into the tables since the last flush. */
    private int spread;

    /** What is known of the activities that share a shape and an hour. */
    private static final class Tally {
        private final Cell cell;
        private final Sums sums = new Sums();
        private final Facets.Marks marks = new Facets.Marks();

        Tally(Cell cell) {
            this.cell = cell;
        }
    }

    /** What is known of the activities that share a kind: by classes of latency in an hour, and by minutes. */
    private static final class KindTally {
        private long hour;
        private final @Nullable Sums[] latencies = new @Nullable Sums[Latencies.CLASSES];
        private final Map<Long, Span> spans = new HashMap<>();
        private long minute;
        private @Nullable Span span;

        Span span(long its) {
            Span latest = span;
            if (latest == null || minute != its) {
                latest = spans.computeIfAbsent(its, none -> new Span());
                minute = its;
                span = latest;
            }
            return latest;
        }

        void forgetSpans() {
            spans.clear();
            span = null;
        }

        Sums latency(int latency) {
            Sums known = latencies[latency];
            if (known == null) {
                known = new Sums();
                latencies[latency] = known;
            }
            return known;
        }
    }

    private static final class Span {
        private long least = Long.MAX_VALUE;
        private long most = Long.MIN_VALUE;
        private long n;
        private long failed;

        void count(long sequence, int times, boolean isFailure) {
            least = Math.min(least, sequence);
            most = Math.max(most, sequence);
            n += times;
            failed += isFailure ? times : 0;
        }
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

    /** Counts an activity that is added. */
    void add(Entry entry, long sequence) throws SQLException {
        Tally tally = count(entry, 1);
        if (!tally.marks.mark(sequence)) {
            facets.collect(tally.cell, tally.marks);
            tally.marks.mark(sequence);
        }
        place(entry, sequence, 1);
    }

    /** Counts an activity that is removed. */
    void remove(Entry entry, long sequence) throws SQLException {
        count(entry, -1);
        place(entry, sequence, -1);
    }

    /** Counts an activity that was added before, but for where it is. */
    void addAgain(Entry entry) throws SQLException {
        count(entry, 1);
    }

    private Tally count(Entry entry, int times) throws SQLException {
        Shape shape = entry.shape();
        long hour = Grain.HOUR.slot(entry.micros());
        Tally tally = tallies.get(shape);
        if (tally == null || tally.cell.slot() != hour) {
            if (tally != null) {
                spread(tally);
                facets.collect(tally.cell, tally.marks);
            }
            tally = new Tally(Cell.of(shape, hour, names));
            tallies.put(shape, tally);
        }
        one.clear();
        one.add(entry, times);
        tally.sums.add(one);
        KindTally kind = kinds.computeIfAbsent(shape.kind(), none -> new KindTally());
        if (kind.hour != hour) {
            spread(shape.kind(), kind);
            kind.hour = hour;
        }
        kind.latency(Latencies.classOf(entry.nanos())).add(one);
        return tally;
    }

    private void place(Entry entry, long sequence, int times) {
        Shape shape = entry.shape();
        kinds.computeIfAbsent(shape.kind(), none -> new KindTally())
                .span(Math.floorDiv(entry.micros(), MINUTE * 1_000_000))
                .count(sequence, times, shape.failed());
    }

    /** Whether there are so many combinations that their sums should not become more before they are written. */
    boolean isMuch() {
        return tallies.size() + spread >= MANY;
    }

    /** Forgets what was counted since the last flush. */
    void forget() throws SQLException {
        tallies.clear();
        kinds.clear();
        addSpan.clearBatch();
        facets.forget();
        spread = 0;
        for (SumTable<?> table : tables) {
            table.forget();
        }
    }

    /** Writes where activities are. */
    void flushPlaces() throws SQLException {
        tallies.values().forEach(tally -> facets.collect(tally.cell, tally.marks));
        facets.flush();
        for (Map.Entry<Kind, KindTally> kind : kinds.entrySet()) {
            for (Map.Entry<Long, Span> span : kind.getValue().spans.entrySet()) {
                bind(span.getKey(), Codes.of(kind.getKey()), span.getValue());
                addSpan.addBatch();
            }
            kind.getValue().forgetSpans();
        }
        addSpan.executeBatch();
    }

    /** Writes the sums, and where activities are. */
    void flush() throws SQLException {
        flushPlaces();
        tallies.values().forEach(this::spread);
        tallies.clear();
        kinds.forEach(this::spread);
        kinds.clear();
        spread = 0;
        for (SumTable<?> table : tables) {
            table.flush();
        }
    }

    private void spread(Kind kind, KindTally tally) {
        for (int i = 0; i < tally.latencies.length; i++) {
            Sums sums = tally.latencies[i];
            if (sums != null) {
                for (Dimensions table : dimensions) {
                    table.countLatency(tally.hour, Codes.of(kind), i, sums);
                }
                tally.latencies[i] = null;
            }
        }
    }

    /** Hands what was counted to the tables: a few sums, however many activities are in them. */
    private void spread(Tally tally) {
        dimensions.forEach(table -> table.count(tally.cell, tally.sums));
        cubes.forEach(table -> table.count(tally.cell, tally.sums));
        tally.sums.clear();
        spread++;
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

    private void bind(long minute, int kind, Span span) throws SQLException {
        addSpan.setLong(1, minute);
        addSpan.setInt(2, kind);
        addSpan.setLong(3, span.least);
        addSpan.setLong(4, span.most);
        addSpan.setLong(5, span.n);
        addSpan.setLong(6, span.failed);
    }
}
