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
    /** Where a text is looked for. */
    private static final List<String> TEXT_COLUMNS = List.of("client", "server", "method", "tool", "outcome", "detail");

    private final Connection connection;
    private final Database database;
    /** What an index leads to, and what is compared then. */
    private final List<Condition> lookedUp = new ArrayList<>();

    private final List<Condition> compared = new ArrayList<>();
    private final List<Condition> branches = new ArrayList<>();
    private final List<Equality> equalities = new ArrayList<>();
    private final List<Condition> dimension = new ArrayList<>();
    private final List<Condition> cubed = new ArrayList<>();
    private final boolean byRequestId;
    private boolean impossible;
    private boolean summable = true;
    private boolean cubable = true;
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
        this.byRequestId = query.requestId().isPresent();
        query.requestId().ifPresent(id -> {
            lookedUp.add(Condition.of("request_id = ?", id));
            summable = false;
            cubable = false;
        });
        if (query.text().isPresent()) {
            summable = false;
            text(query.text().get(), branching);
        }
        if (query.server().isPresent() && query.tool().isPresent() && !impossible) {
            impossible = !isPair(equalities);
        }
        status(query.leastStatus(), query.mostStatus(), branching);
        kinds(branching);
        lookUpRarest(byRequestId || !branches.isEmpty());
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
        equalities.add(new Equality(column, dimensionOfColumn, id.getAsLong()));
        cubed.add(Condition.of(column + " = " + id.getAsLong()));
        sumOver(dimensionOfColumn, equalities.get(equalities.size() - 1).ofSums());
    }

    /** Whether any server has the tool that it is asked for: walking along either alone would meet nothing for long. */
    private boolean isPair(List<Equality> named) throws SQLException {
        List<Condition> both = new ArrayList<>(List.of(Condition.of("dim = " + Rollup.TOOL)));
        for (Equality equality : named) {
            if (equality.dim == Rollup.SERVER) {
                both.add(Condition.of("a = " + equality.id));
            } else if (equality.dim == Rollup.TOOL) {
                both.add(equality.ofSums());
            }
        }
        return Numbers.one(connection, Condition.where(both).within("SELECT 1 FROM " + Grain.DAY.rollup(), " LIMIT 1"))
                .isPresent();
    }

    /** A column that has one value. */
    private record Equality(String column, int dim, long id) {

        Condition ofSums() {
            return Condition.of((dim == Rollup.TOOL ? "b = " : "a = ") + id);
        }

        /** The plus keeps the database from using the index of the column. */
        Condition ofRows(boolean byIndex) {
            return Condition.of((byIndex ? "" : "+") + column + " = " + id);
        }

        /** How often it held in the last two days that were written, which is guess enough. */
        long recent(Connection connection) throws SQLException {
            return Numbers.one(
                            connection,
                            Condition.of("SELECT sum(n) FROM rollup_day WHERE dim = " + dim + " AND slot >= "
                                            + "(SELECT max(slot) - 1 FROM rollup_day WHERE dim = " + dim + ") AND ")
                                    .then(ofSums()))
                    .orElse(0);
        }
    }

    /** Of several columns with one value each, the rarest is looked up; the others are only compared. */
    private void lookUpRarest(boolean anotherIndex) throws SQLException {
        Equality rarest = null;
        long least = Long.MAX_VALUE;
        for (Equality equality : equalities) {
            long count = equalities.size() == 1 || anotherIndex ? 0 : equality.recent(connection);
            if (count < least) {
                rarest = equality;
                least = count;
            }
        }
        for (Equality equality : equalities) {
            boolean byIndex = equality.equals(rarest) && !anotherIndex;
            (byIndex ? lookedUp : compared).add(equality.ofRows(byIndex));
        }
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
        Condition matching = Condition.of("IN (SELECT id FROM name WHERE " + database.containsText() + ")", pattern);
        cubed.add(any(TEXT_COLUMNS, "", matching));
        if (branching && ids.size() <= MAX_NAMES) {
            for (String column : TEXT_COLUMNS) {
                ids.forEach(id -> branches.add(Condition.of(column + " = " + id)));
            }
        } else {
            compared.add(any(TEXT_COLUMNS, plus(branching), matching));
        }
    }

    private static Condition any(List<String> columns, String plus, Condition matching) {
        List<Condition> each = columns.stream()
                .map(column -> matching.within(plus + column + " ", ""))
                .toList();
        return Condition.join("(", each, " OR ").within("", ")");
    }

    private void status(OptionalInt least, OptionalInt most, boolean branching) throws SQLException {
        if (least.isEmpty() && most.isEmpty()) {
            return;
        }
        int from = least.orElse(0);
        int to = most.orElse(999);
        sumOver(Rollup.STATUS, Condition.of("a BETWEEN " + from + " AND " + to));
        cubed.add(Condition.of("status BETWEEN " + Math.max(1, from) + " AND " + to));
        List<Long> found = mayBranch(branching) ? statuses(from, to) : List.of();
        if (found.isEmpty() || found.size() > MAX_BRANCHES) {
            compared.add(Condition.of(plus(branching) + "status BETWEEN " + from + " AND " + to));
        } else {
            found.forEach(status -> branches.add(Condition.of("status = " + status)));
        }
    }

    /** Walking from the newest on must not be given up for an index that is in another order. */
    private static String plus(boolean walking) {
        return walking ? "+" : "";
    }

    /** Whether nothing else leads to what is wanted along an index. */
    private boolean mayBranch(boolean branching) {
        return branching && branches.isEmpty() && equalities.isEmpty() && !byRequestId;
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
        if (mayBranch(branching) && !kinds.contains(Codes.CALL)) {
            // The second condition is the one that the index is made for.
            kinds.forEach(kind -> branches.add(Condition.of("kind = " + kind + " AND kind <> 0")));
        } else {
            compared.add(Condition.in("kind", kinds));
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

    /** Whether what matches is the sum of some cells of the cube. */
    boolean isCubable() {
        return cubable;
    }

    /** Which cells, beside their time and kind. */
    List<Condition> cubeConditions() {
        return cubed;
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
        List<Condition> all = new ArrayList<>(lookedUp);
        all.addAll(compared);
        return all;
    }

    /** All conditions of a row, without branches. */
    List<Condition> conditions() throws SQLException {
        List<Condition> all = rowConditions();
        all.addAll(times.conditions(connection));
        return all;
    }

    /**
     * Selects the sequences of what matches.
     *
     * @param more another condition, or null
     * @param limit how many of the newest; of several branches, how many of each
     */
    Condition newest(@Nullable Condition more, int limit) throws SQLException {
        List<Condition> common = conditions();
        if (more != null) {
            common.add(more);
        }
        String tail = " ORDER BY seq DESC LIMIT " + limit;
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

    /**
     * Counts what matches among the newest that must be looked at. Selects how many were looked at, and how many of them
     * match.
     *
     * @param limit how many are looked at
     */
    Condition count(int limit) throws SQLException {
        if (!branches.isEmpty()) {
            return newest(null, limit).within("SELECT count(*), count(*) FROM (", ") AS counted");
        }
        List<Condition> wide = new ArrayList<>(lookedUp);
        List<Condition> narrow = new ArrayList<>(compared);
        List<Condition> time = times.conditions(connection);
        for (int i = 0; i < time.size(); i++) {
            (i == 0 ? wide : narrow).add(time.get(i));
        }
        Condition looked = Condition.where(wide)
                .within("SELECT * FROM activity", " ORDER BY seq DESC LIMIT " + limit)
                .within(" FROM (", ") AS looked");
        if (narrow.isEmpty()) {
            return looked.within("SELECT count(*), count(*)", "");
        }
        return Condition.join("SELECT count(*), sum(CASE WHEN ", narrow, " AND ")
                .within("", " THEN 1 ELSE 0 END)")
                .then(looked);
    }
}
