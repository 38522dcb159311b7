package io.agenthub.store;

import io.agenthub.api.activity.Activity;
import io.agenthub.api.activity.ActivityPage;
import io.agenthub.api.activity.ActivityQuery;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Reads one page. Used once, within one transaction of a reader. */
final class PageQuery {
    /** Where counting one by one ends, if no sums are kept. */
    private static final int MOST_LOOKED_AT = 2_000;

    private final Connection connection;
    private final Database database;
    private final ActivityQuery query;

    PageQuery(Connection connection, Database database, ActivityQuery query) {
        this.connection = connection;
        this.database = database;
        this.query = query;
    }

    ActivityPage page() throws SQLException {
        Filter filter = new Filter(connection, database, query, true);
        if (filter.isImpossible()) {
            return new ActivityPage(
                    List.of(), OptionalLong.empty(), query.counted() ? OptionalLong.of(0) : OptionalLong.empty(), true);
        }
        List<Activity> found = read(filter);
        boolean more = found.size() > query.limit();
        if (more) {
            found.remove(query.limit());
        }
        OptionalLong next = more ? OptionalLong.of(found.get(found.size() - 1).sequence()) : OptionalLong.empty();
        if (!query.counted()) {
            return new ActivityPage(found, next, OptionalLong.empty(), true);
        }
        return filter.isSummable()
                ? new ActivityPage(found, next, OptionalLong.of(sum()), true)
                : counted(found, next, filter);
    }

    private List<Activity> read(Filter filter) throws SQLException {
        Extent older = query.before().isPresent() ? new Extent(0, query.before().getAsLong() - 1) : Extent.ALL;
        Condition select = filter.newest(older, query.limit() + 1)
                .within("SELECT " + Rows.COLUMNS + " FROM (", ") AS k JOIN activity a ON a.seq = k.seq " + Rows.JOINS)
                .within("", " ORDER BY a.seq DESC");
        List<Activity> found = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(select.sql())) {
            select.bind(statement);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    found.add(Rows.activity(row));
                }
            }
        }
        return found;
    }

    private long sum() throws SQLException {
        Filter plain = new Filter(connection, database, query, false);
        Condition source = new Sources(connection, plain).of(plain.dimension(), plain.dimensionValues());
        return Numbers.one(connection, source.within("SELECT sum(n) FROM (", ") AS source"))
                .orElse(0);
    }

    private ActivityPage counted(List<Activity> found, OptionalLong next, Filter filter) throws SQLException {
        Condition select = filter.count(MOST_LOOKED_AT + 1);
        try (PreparedStatement statement = connection.prepareStatement(select.sql())) {
            select.bind(statement);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                boolean exact = row.getLong(1) <= MOST_LOOKED_AT;
                return new ActivityPage(found, next, OptionalLong.of(row.getLong(2)), exact);
            }
        }
    }
}
