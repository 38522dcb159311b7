package io.agenthub.store;

import io.agenthub.api.activity.Activity;
import io.agenthub.api.activity.ActivityPage;
import io.agenthub.api.activity.ActivityQuery;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Reads one page. Used once, within one transaction of a reader. */
final class PageQuery {
    /** Where counting one by one ends, if no sums are kept: after so many that match, */
    private static final int MOST_COUNTED = 2_000;
    /** or after so many that might have. */
    private static final int MOST_LOOKED_AT = 100_000;

    private final Connection connection;
    private final Database database;
    private final ActivityQuery query;

    PageQuery(Connection connection, Database database, ActivityQuery query) {
        this.connection = connection;
        this.database = database;
        this.query = query;
    }

    ActivityPage page() throws SQLException {
        Filter filter = new Filter(connection, database, query);
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
                ? new ActivityPage(found, next, OptionalLong.of(sum(filter)), true)
                : counted(found, next, filter);
    }

    private List<Activity> read(Filter filter) throws SQLException {
        Extent older = query.before().isPresent() ? new Extent(0, query.before().getAsLong() - 1) : Extent.ALL;
        List<Activity> found = new ArrayList<>();
        filter.matching(filter.times, older, (segment, i) -> {
            found.add(segment.entry(i).activity(segment.sequence(i)));
            return found.size() <= query.limit();
        });
        return found;
    }

    private long sum(Filter filter) throws SQLException {
        Condition source = new Sources(connection, filter).of(filter.dimension(), filter.dimensionValues());
        return Numbers.one(connection, source.within("SELECT sum(n) FROM (", ") AS source"))
                .orElse(0);
    }

    private ActivityPage counted(List<Activity> found, OptionalLong next, Filter filter) throws SQLException {
        Count count = filter.count(MOST_COUNTED, MOST_LOOKED_AT);
        return new ActivityPage(found, next, OptionalLong.of(count.matched()), count.isExact());
    }
}
