package io.agenthub.store;

import io.agenthub.api.activity.Activity.Kind;
import io.agenthub.api.activity.ActivityQuery;
import io.agenthub.api.activity.ActivityStats;
import io.agenthub.api.activity.ActivityStats.Latency;
import io.agenthub.api.activity.ActivityStats.Slot;
import io.agenthub.api.activity.ActivityStats.ToolUse;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Computes statistics in the database. Used once, within one transaction of a reader. */
final class StatisticsQuery {
    private static final String SUMS = "sum(n), sum(failed), sum(nanos), sum(bytes_in), sum(bytes_out)";

    private final Connection connection;
    private final Filter filter;
    private final Sources sources;
    private final long step;

    StatisticsQuery(Connection connection, Database database, ActivityQuery query, Duration step) throws SQLException {
        ActivityQuery wanted =
                query.kinds().isEmpty() ? query.toBuilder().kinds(Kind.CALL).build() : query;
        this.connection = connection;
        this.filter = new Filter(connection, database, wanted);
        this.sources = new Sources(connection, filter);
        this.step = step.toSeconds();
    }

    ActivityStats statistics() throws SQLException {
        if (filter.isImpossible()) {
            return new ActivityStats(0, 0, 0, Latency.NONE, Map.of(), Map.of(), Map.of(), List.of(), List.of());
        }
        long[] sums = sums();
        return new ActivityStats(
                sums[0],
                sums[1],
                sums[2],
                latency(),
                counts(Rollup.OUTCOME),
                counts(Rollup.SERVER),
                counts(Rollup.CLIENT),
                tools(),
                series());
    }

    /** What a row of an answer becomes. */
    private interface RowReader {
        void read(ResultSet row) throws SQLException;
    }

    private void each(Condition select, RowReader reader) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(select.sql())) {
            select.bind(statement);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    reader.read(row);
                }
            }
        }
    }

    private Condition source(int dim) throws SQLException {
        return sources.of(dim, filter.dimension() == dim ? filter.dimensionValues() : List.of());
    }

    private long[] sums() throws SQLException {
        long[] sums = new long[3];
        each(source(filter.dimension()).within("SELECT " + SUMS + " FROM (", ") AS source"), row -> {
            sums[0] = row.getLong(1);
            sums[1] = row.getLong(4);
            sums[2] = row.getLong(5);
        });
        return sums;
    }

    private Latency latency() throws SQLException {
        List<long[]> classes = new ArrayList<>();
        Condition source = sources.isSummed(Rollup.LATENCY) ? source(Rollup.LATENCY) : sources.newestLatencies();
        each(
                source.within("SELECT a, sum(n) FROM (", ") AS source GROUP BY a HAVING sum(n) > 0 ORDER BY a"),
                row -> classes.add(new long[] {row.getLong(1), row.getLong(2)}));
        long total = classes.stream().mapToLong(latencyClass -> latencyClass[1]).sum();
        if (total == 0) {
            return Latency.NONE;
        }
        return new Latency(
                quantile(classes, total, 50),
                quantile(classes, total, 95),
                quantile(classes, total, 99),
                quantile(classes, total, 100));
    }

    /** The nearest rank. */
    private static Duration quantile(List<long[]> classes, long total, int percent) {
        long rank = (total * percent + 99) / 100;
        long seen = 0;
        int last = 0;
        for (long[] latencyClass : classes) {
            last = (int) latencyClass[0];
            seen += latencyClass[1];
            if (seen >= rank) {
                break;
            }
        }
        return Latencies.middle(last);
    }

    private Map<String, Long> counts(int dim) throws SQLException {
        Map<String, Long> counts = new LinkedHashMap<>();
        each(
                source(dim)
                        .within(
                                "SELECT name.text, sum(n) FROM (",
                                ") AS source JOIN name ON name.id = source.a GROUP BY name.id, name.text"
                                        + " HAVING sum(n) > 0 ORDER BY 2 DESC, 1 LIMIT " + ActivityStats.MAX_NAMES),
                row -> counts.put(row.getString(1), row.getLong(2)));
        return counts;
    }

    private List<ToolUse> tools() throws SQLException {
        List<ToolUse> tools = new ArrayList<>();
        each(
                source(Rollup.TOOL)
                        .within(
                                "SELECT s.text, t.text, sum(n), sum(failed), sum(nanos) FROM (",
                                ") AS source JOIN name s ON s.id = source.a JOIN name t ON t.id = source.b"
                                        + " GROUP BY s.id, s.text, t.id, t.text HAVING sum(n) > 0"
                                        + " ORDER BY 3 DESC, 1, 2 LIMIT " + ActivityStats.MAX_TOOLS),
                row -> tools.add(new ToolUse(
                        row.getString(1),
                        row.getString(2),
                        row.getLong(3),
                        row.getLong(4),
                        Duration.ofNanos(row.getLong(5) / row.getLong(3)))));
        return tools;
    }

    private List<Slot> series() throws SQLException {
        List<Slot> newestFirst = new ArrayList<>();
        each(
                sources.series(step)
                        .within(
                                "SELECT start, sum(n), sum(failed) FROM (",
                                ") AS source GROUP BY start HAVING sum(n) > 0 ORDER BY start DESC LIMIT "
                                        + ActivityStats.MAX_SLOTS),
                row -> newestFirst.add(
                        new Slot(Instant.ofEpochSecond(row.getLong(1)), row.getLong(2), row.getLong(3))));
        List<Slot> series = new ArrayList<>();
        for (int i = newestFirst.size() - 1; i >= 0; i--) {
            series.add(newestFirst.get(i));
        }
        return series;
    }
}
