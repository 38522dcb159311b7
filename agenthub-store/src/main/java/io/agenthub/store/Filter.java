package io.agenthub.store;

import io.agenthub.api.activity.ActivityQuery;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A query in the terms of the tables: names as numbers, and what can be any of several values as <em>branches</em>.
 *
 * <p>One value of one column, newest first, is a walk along its index that ends with the page. Several values are not, so each
 * becomes a branch that is walked on its own; the page is the newest of what the branches give. With too many values the
 * condition is likely to hold often, and walking along the record itself is the better way.
 */
final class Filter {
    private static final int MAX_BRANCHES = 100;
    private static final int MAX_NAMES = 16;
    private static final List<String> TEXT_COLUMNS = List.of("client", "server", "method", "tool", "outcome", "detail");

    private final Connection connection;
    private final Database database;
    private final List<Condition> conditions = new ArrayList<>();
    private final List<Condition> branches = new ArrayList<>();
    private final List<Condition> dimension = new ArrayList<>();
    private boolean impossible;
    private boolean summable = true;
    private int dim = Rollup.ALL;

    final List<Integer> kinds;
    final Times times;

    /**
     * Looks names up.
     *
     * @param branching whether several values may become branches; otherwise they become conditions
     */
    Filter(Connection connection, Database database, ActivityQuery query, boolean branching) throws SQLException {
        this.connection = connection;
        this.database = database;
        this.kinds = query.kinds().stream().map(Codes::of).sorted().toList();
        this.times = new Times(query);
        name("client", Rollup.CLIENT, query.client());
        name("server", Rollup.SERVER, query.server());
        name("method", Rollup.METHOD, query.method());
        name("tool", Rollup.TOOL, query.tool());
        name("outcome", Rollup.OUTCOME, query.outcome());
        query.requestId().ifPresent(id -> {
            conditions.add(Condition.of("request_id = ?", id));
            summable = false;
        });
        if (query.text().isPresent()) {
            summable = false;
            text(query.text().get(), branching);
        }
        status(query.leastStatus(), query.mostStatus(), branching);
        kinds(branching);
    }

    private void name(String column, int dimensionOfColumn, Optional<String> text) throws SQLException {
        if (text.isEmpty()) {
            return;
        }
        OptionalLong id = Names.find(connection, text.get());
        if (id.isEmpty()) {
            impossible = true;
            return;
        }
        conditions.add(Condition.of(column + " = " + id.getAsLong()));
        sumOver(dimensionOfColumn, Condition.of((dimensionOfColumn == Rollup.TOOL ? "b = " : "a = ") + id.getAsLong()));
    }

    /** Sums are kept per value of one dimension; of two there are none. */
    private void sumOver(int dimensionOfColumn, Condition condition) {
        summable &= dim == Rollup.ALL;
        dim = dimensionOfColumn;
        dimension.add(condition);
    }

    private void text(String part, boolean branching) throws SQLException {
        String pattern = database.pattern(part);
        List<Long> ids = Numbers.all(
                connection,
                Condition.of(
                        "SELECT id FROM name WHERE " + database.containsText() + " LIMIT " + (MAX_NAMES + 1), pattern));
        impossible |= ids.isEmpty();
        List<Condition> any = new ArrayList<>();
        if (branching && ids.size() <= MAX_NAMES) {
            for (String column : TEXT_COLUMNS) {
                ids.forEach(id -> branches.add(Condition.of(column + " = " + id)));
            }
            return;
        }
        for (String column : TEXT_COLUMNS) {
            any.add(Condition.of(column + " IN (SELECT id FROM name WHERE " + database.containsText() + ")", pattern));
        }
        conditions.add(Condition.join("(", any, " OR ").within("", ")"));
    }

    private void status(OptionalInt least, OptionalInt most, boolean branching) throws SQLException {
        if (least.isEmpty() && most.isEmpty()) {
            return;
        }
        int from = least.orElse(0);
        int to = most.orElse(999);
        sumOver(Rollup.STATUS, Condition.of("a BETWEEN " + from + " AND " + to));
        List<Long> found = branching && branches.isEmpty() ? statuses(from, to) : List.of();
        if (found.isEmpty() || found.size() > MAX_BRANCHES) {
            conditions.add(Condition.of("status BETWEEN " + from + " AND " + to));
        } else {
            found.forEach(status -> branches.add(Condition.of("status = " + status)));
        }
    }

    /** The statuses that occur, one look into the index for each. */
    private List<Long> statuses(int from, int to) throws SQLException {
        List<Long> statuses = new ArrayList<>();
        long last = from - 1L;
        while (statuses.size() <= MAX_BRANCHES) {
            OptionalLong next = Numbers.one(
                    connection,
                    Condition.of("SELECT min(status) FROM activity WHERE status > " + last + " AND status <= " + to));
            if (next.isEmpty()) {
                break;
            }
            last = next.getAsLong();
            statuses.add(last);
        }
        return statuses;
    }

    private void kinds(boolean branching) {
        if (kinds.isEmpty()) {
            return;
        }
        if (branching && branches.isEmpty() && !kinds.contains(Codes.CALL)) {
            // The second condition is the one that the index is made for.
            kinds.forEach(kind -> branches.add(Condition.of("kind = " + kind + " AND kind <> 0")));
        } else {
            conditions.add(Condition.in("kind", kinds));
        }
    }

    /** Whether nothing can match, because a name was never written. */
    boolean isImpossible() {
        return impossible || times.isEmpty();
    }

    /** Whether sums are kept for all that matches. */
    boolean isSummable() {
        return summable;
    }

    /** The dimension of the sums for what matches, and which values of it. */
    int dimension() {
        return dim;
    }

    List<Condition> dimensionValues() {
        return dimension;
    }

    /** The conditions of a row beside its time, without branches. */
    List<Condition> rowConditions() {
        return conditions;
    }

    /** All conditions of a row, without branches. */
    List<Condition> conditions() throws SQLException {
        List<Condition> all = new ArrayList<>(conditions);
        all.addAll(times.conditions(connection));
        return all;
    }

    /**
     * Selects the sequences of what matches.
     *
     * @param more another condition, or null
     * @param limit how many; of several branches, how many of each
     * @param ordered whether the newest are wanted
     */
    Condition sequences(@Nullable Condition more, int limit, boolean ordered) throws SQLException {
        List<Condition> common = conditions();
        if (more != null) {
            common.add(more);
        }
        String tail = (ordered ? " ORDER BY seq DESC" : "") + " LIMIT " + limit;
        if (branches.isEmpty()) {
            return Condition.where(common).within("SELECT seq FROM activity", tail);
        }
        List<Condition> selects = new ArrayList<>();
        for (Condition branch : branches) {
            List<Condition> all = new ArrayList<>(common);
            all.add(branch);
            selects.add(Condition.where(all).within("SELECT seq FROM (SELECT seq FROM activity", tail + ") AS branch"));
        }
        return Condition.join("", selects, " UNION ").within("SELECT seq FROM (", ") AS branches" + tail);
    }
}
