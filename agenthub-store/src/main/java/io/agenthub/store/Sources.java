package io.agenthub.store;

import io.agenthub.api.activity.ActivityStats;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where numbers about activities come from: the sums, as far as whole slots of time and kept dimensions go, and the activities
 * themselves for the rest.
 */
final class Sources {
    private static final String MEASURES = "n, failed, nanos, bytes_in, bytes_out";

    private final Connection connection;
    private final Filter filter;

    Sources(Connection connection, Filter filter) {
        this.connection = connection;
        this.filter = filter;
    }

    /** Selects a, b and the measures per value of a dimension, for what matches; each value may come several times. */
    Condition of(int dim, List<Condition> values) throws SQLException {
        if (!isSummed(dim) && !filter.isCubable()) {
            return looked(filter.times, Extent.ALL, dim);
        }
        List<Condition> parts = new ArrayList<>();
        boolean summed = isSummed(dim);
        addAll(parts, Grain.DAY, new Selection() {
            @Override
            public Condition of(Grain grain, List<Long> slots) {
                return summed ? sums(grain, dim, values, slots) : cells(grain, slots, values(dim) + ", " + MEASURES);
            }

            @Override
            public Condition ofActivities(Times times, Extent part) throws SQLException {
                return looked(times, part, dim);
            }
        });
        return Condition.join("", parts, " UNION ALL ");
    }

    /** The same numbers from sums of any grain, and from activities. */
    private interface Selection {
        Condition of(Grain grain, List<Long> slots);

        Condition ofActivities(Times times, Extent part) throws SQLException;
    }

    /** Adds all that is in sums of a grain and finer ones, and what is in none of them yet. */
    private void addAll(List<Condition> parts, Grain coarsest, Selection selection) throws SQLException {
        add(parts, filter.times, coarsest, selection);
        if (!filter.unsummed().isEmpty()) {
            parts.add(selection.ofActivities(filter.times, filter.unsummed()));
        }
    }

    /** Adds what lies within whole slots of a grain from its sums, and what is left from the next finer one. */
    private void add(List<Condition> parts, Times times, @Nullable Grain grain, Selection selection)
            throws SQLException {
        if (grain == null) {
            parts.add(selection.ofActivities(times, filter.summed()));
            return;
        }
        List<Long> slots = times.slots(grain.seconds());
        if (!slots.isEmpty()) {
            parts.add(selection.of(grain, slots));
        }
        for (Times edge : times.edges(grain.seconds())) {
            add(parts, edge, grain.finer(), selection);
        }
    }

    /** Whether the sums of a dimension, for what matches, are kept as they are. */
    boolean isSummed(int dim) {
        return filter.isSummable() && (filter.dimension() == Rollup.ALL || filter.dimension() == dim);
    }

    private Condition sums(Grain grain, int dim, List<Condition> values, List<Long> slots) {
        List<Condition> conditions = new ArrayList<>(values);
        conditions.add(Condition.of("dim = " + dim));
        between(slots, conditions);
        return Condition.where(conditions).within("SELECT a, b, " + MEASURES + " FROM " + grain.rollup(), "");
    }

    private Condition cells(Grain grain, List<Long> slots, String columns) {
        List<Condition> conditions = new ArrayList<>(filter.cubeConditions());
        between(slots, conditions);
        return Condition.where(conditions).within("SELECT " + columns + " FROM " + grain.cube(), "");
    }

    /** The latency classes of the newest of what matches; there are no sums of latencies for every selection. */
    Condition newestLatencies() throws SQLException {
        Tuples tuples = new Tuples(connection);
        int[] measured = new int[1];
        filter.matching(filter.times, Extent.ALL, (segment, i) -> {
            tuples.add(Latencies.classOf(segment.nanos(i)), 0, segment, i);
            return ++measured[0] < ActivityStats.MAX_MEASURED;
        });
        return tuples.select();
    }

    private void between(List<Long> slots, List<Condition> conditions) {
        if (slots.get(0) != Long.MIN_VALUE) {
            conditions.add(Condition.of("slot >= " + slots.get(0)));
        }
        if (slots.get(1) != Long.MAX_VALUE) {
            conditions.add(Condition.of("slot < " + slots.get(1)));
        }
        if (!filter.kinds.isEmpty()) {
            conditions.add(Condition.in("kind", filter.kinds));
        }
    }

    /** The same from the activities. */
    private Condition looked(Times times, Extent part, int dim) throws SQLException {
        Tuples tuples = new Tuples(connection);
        filter.matching(times, part, (segment, i) -> {
            add(tuples, dim, segment, i);
            return true;
        });
        return tuples.select();
    }

    private static void add(Tuples tuples, int dim, Segment segment, int index) throws SQLException {
        Shape shape = segment.shape(index);
        long a = switch (dim) {
            case Rollup.OUTCOME -> tuples.id(shape.outcome());
            case Rollup.SERVER, Rollup.TOOL -> tuples.id(shape.server());
            case Rollup.CLIENT -> tuples.id(shape.client());
            case Rollup.METHOD -> tuples.id(shape.method());
            case Rollup.STATUS -> shape.status();
            case Rollup.LATENCY -> Latencies.classOf(segment.nanos(index));
            default -> 0;
        };
        tuples.add(a, dim == Rollup.TOOL ? tuples.id(shape.tool()) : 0, segment, index);
    }

    /** The values of a dimension, in the words of cells. */
    private static String values(int dim) {
        return switch (dim) {
            case Rollup.OUTCOME -> "outcome AS a, 0 AS b";
            case Rollup.SERVER -> "server AS a, 0 AS b";
            case Rollup.CLIENT -> "client AS a, 0 AS b";
            case Rollup.METHOD -> "method AS a, 0 AS b";
            case Rollup.STATUS -> "status AS a, 0 AS b";
            case Rollup.TOOL -> "server AS a, tool AS b";
            default -> "0 AS a, 0 AS b";
        };
    }

    /** Selects the start in seconds, n and failed per step, for what matches; each start may come several times. */
    Condition series(long step) throws SQLException {
        boolean selective = !filter.isSummable() || filter.dimension() != Rollup.ALL;
        if (selective) {
            return filter.isCubable() && step % Grain.HOUR.seconds() == 0
                    ? coarseSeries(step)
                    : lookedSeries(filter.times, Extent.ALL, step);
        }
        if (step % Rollup.MINUTE != 0) {
            return fineSeries(step);
        }
        List<Condition> parts = new ArrayList<>();
        List<Long> slots = filter.times.slots(Rollup.MINUTE);
        if (!slots.isEmpty()) {
            List<Condition> conditions = new ArrayList<>();
            between(slots, conditions);
            parts.add(Condition.where(conditions)
                    .within("SELECT " + start("slot * " + Rollup.MINUTE, step) + ", n, failed FROM span", ""));
        }
        for (Times edge : filter.times.edges(Rollup.MINUTE)) {
            parts.add(lookedSeries(edge, Extent.ALL, step));
        }
        return Condition.join("", parts, " UNION ALL ");
    }

    /** Of a selection there are cells per slot. */
    private Condition coarseSeries(long step) throws SQLException {
        List<Condition> parts = new ArrayList<>();
        Grain coarsest = step % Grain.DAY.seconds() == 0 ? Grain.DAY : Grain.HOUR;
        addAll(parts, coarsest, new Selection() {
            @Override
            public Condition of(Grain grain, List<Long> slots) {
                return cells(grain, slots, start("slot * " + grain.seconds(), step) + ", n, failed");
            }

            @Override
            public Condition ofActivities(Times times, Extent part) throws SQLException {
                return lookedSeries(times, part, step);
            }
        });
        return Condition.join("", parts, " UNION ALL ");
    }

    /** When the step begins in which these seconds are; before 1970 as well, where a division rounds up. */
    private static String start(String seconds, long step) {
        return seconds + " - (" + seconds + " % " + step + " + " + step + ") % " + step + " AS start";
    }

    /** Steps shorter than a minute: no more minutes than slots are wanted can hold the newest of them. */
    private Condition fineSeries(long step) throws SQLException {
        List<Condition> conditions = new ArrayList<>();
        Times times = filter.times;
        List<Long> around = List.of(
                times.from() == Long.MIN_VALUE ? times.from() : Math.floorDiv(times.from(), 60_000_000L),
                times.until() == Long.MAX_VALUE ? times.until() : Math.floorDiv(times.until(), 60_000_000L) + 1);
        between(around, conditions);
        Condition newest = Condition.where(conditions)
                .within(
                        "SELECT min(slot) FROM (SELECT DISTINCT slot FROM span",
                        " ORDER BY slot DESC LIMIT " + (ActivityStats.MAX_SLOTS + 1) + ") AS newest");
        long first = Numbers.one(connection, newest).orElse(0);
        return lookedSeries(times.notBefore(first * 60_000_000L), Extent.ALL, step);
    }

    /** The same from the activities; no more than the newest slots of a series are wanted. */
    private Condition lookedSeries(Times times, Extent part, long step) throws SQLException {
        Tuples tuples = new Tuples(connection);
        filter.matching(times, part, (segment, i) -> {
            long second = Math.floorDiv(segment.micros(i), 1_000_000L);
            tuples.add(Math.floorDiv(second, step) * step, 0, segment, i);
            tuples.keepGreatest(ActivityStats.MAX_SLOTS);
            return true;
        });
        return tuples.select().within("SELECT a AS start, n, failed FROM (", ") AS slots");
    }
}
