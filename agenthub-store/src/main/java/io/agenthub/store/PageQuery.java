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

    /** Where a page ends early, so that one of long bodies has room in memory. */
    private static final long MOST_BYTES = 8L * 1_024 * 1_024;

    private final Connection connection;
    private final Database database;
    private final ActivityQuery query;
    private boolean full;

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
        List<Activity> found = new ArrayList<>();
        boolean more = !read(filter, found);
        if (found.size() > query.limit()) {
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

    /** Reads a page, and one more if there are more. Returns whether that was all there is. */
    private boolean read(Filter filter, List<Activity> found) throws SQLException {
        Extent older = query.before().isPresent()
                ? new Extent(0, Math.max(0, query.before().getAsLong()) - 1)
                : Extent.ALL;
        filter.matching(filter.times, older, new Scan.Visitor() {
            private long bytes;

            @Override
            public boolean visit(Segment segment, int index) {
                Entry entry = segment.entry(index);
                found.add(entry.activity(segment.sequence(index)));
                bytes += entry.length();
                full = found.size() > query.limit() || bytes >= MOST_BYTES;
                return !full;
            }
        });
        return !full;
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
