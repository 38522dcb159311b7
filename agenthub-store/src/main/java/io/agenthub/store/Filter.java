package io.agenthub.store;

import io.agenthub.api.activity.ActivityQuery;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A query in the terms of the tables: names as numbers, and what can be any of several values as <em>branches</em>.
 *
 * <p>Values that must all be there lead to blocks where they meet, newest first. Of several values one of which must be there, each
 * becomes a branch that is walked on its own; the page is the newest of what the branches give. With too many values the
 * condition is likely to hold often, and walking along the record itself is the better way.
 */
final class Filter {
    private static final int MAX_BRANCHES = 100;
    private static final int MAX_NAMES = 16;
    /** Where a text is looked for. */
    private static final List<Facet> TEXTS =
            List.of(Facet.CLIENT, Facet.SERVER, Facet.METHOD, Facet.TOOL, Facet.OUTCOME, Facet.DETAIL);

    private final Connection connection;
    private final Database database;
    private final List<Facet.Value> values = new ArrayList<>();
    private final List<Facet.Value> branches = new ArrayList<>();
    private final List<Condition> compared = new ArrayList<>();
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
        name(Facet.CLIENT, query.client());
        name(Facet.SERVER, query.server());
        name(Facet.METHOD, query.method());
        name(Facet.TOOL, query.tool());
        name(Facet.OUTCOME, query.outcome());
        this.byRequestId = query.requestId().isPresent();
        query.requestId().ifPresent(id -> {
            compared.add(Condition.of("request_id = ?", id));
            summable = false;
            cubable = false;
        });
        if (query.text().isPresent()) {
            summable = false;
            text(query.text().get(), branching);
        }
        if (query.server().isPresent() && query.tool().isPresent() && !impossible) {
            impossible = !isPair();
        }
        status(query.leastStatus(), query.mostStatus(), branching);
        kinds(branching);
    }

    private void name(Facet facet, Optional<String> text) throws SQLException {
        if (text.isEmpty()) {
            return;
        }
        OptionalLong id = Names.find(connection, text.get());
        if (id.isEmpty()) {
            impossible = true;
            return;
        }
        Facet.Value value = facet.value(id.getAsLong());
        values.add(value);
        cubed.add(value.ofRows());
        sumOver(facet.dim(), value.ofSums());
    }

    /** Whether any server has the tool that it is asked for: walking along either alone would meet nothing for long. */
    private boolean isPair() throws SQLException {
        List<Condition> both = new ArrayList<>(List.of(Condition.of("dim = " + Rollup.TOOL)));
        values.stream()
                .filter(value -> value.facet() == Facet.SERVER || value.facet() == Facet.TOOL)
                .map(Facet.Value::ofSums)
                .forEach(both::add);
        return Numbers.one(connection, Condition.where(both).within("SELECT 1 FROM " + Grain.DAY.rollup(), " LIMIT 1"))
                .isPresent();
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
        cubed.add(any(matching));
        if (mayBranch(branching) && ids.size() <= MAX_NAMES) {
            for (Facet facet : TEXTS) {
                ids.forEach(id -> branches.add(facet.value(id)));
            }
        } else {
            compared.add(any(matching));
        }
    }

    private static Condition any(Condition matching) {
        List<Condition> each = TEXTS.stream()
                .map(facet -> matching.within(facet.column() + " ", ""))
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
            impossible |= mayBranch(branching) && found.isEmpty();
            compared.add(Condition.of("status BETWEEN " + from + " AND " + to));
        } else {
            found.forEach(status -> branches.add(Facet.STATUS.value(status)));
        }
    }

    /** Whether nothing leads to one activity or branches already. */
    private boolean mayBranch(boolean branching) {
        return branching && branches.isEmpty() && !byRequestId;
    }

    /** The statuses that occur, one look into the table for each. */
    private List<Long> statuses(int from, int to) throws SQLException {
        List<Long> statuses = new ArrayList<>();
        long last = from - 1L;
        while (statuses.size() <= MAX_BRANCHES) {
            OptionalLong next = Numbers.one(
                    connection,
                    Condition.of("SELECT min(value) FROM facet WHERE dim = " + Rollup.STATUS + " AND value > " + last
                            + " AND value <= " + to));
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
            kinds.forEach(kind -> branches.add(Facet.KIND.value(kind)));
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

    /** Selects columns of what matches within a time, in any order; not of a filter that branches. */
    Condition select(Times within, String columns) throws SQLException {
        List<Condition> rows = new ArrayList<>(compared);
        rows.addAll(within.ofRows());
        return walk(values, rows, within.extent(connection)).select(database, columns);
    }

    private Walk walk(List<Facet.Value> all, List<Condition> rows, Extent extent) throws SQLException {
        if (!byRequestId) {
            return new Walk(rarestFirst(all), rows, extent);
        }
        List<Condition> conditions = new ArrayList<>(rows);
        all.forEach(value -> conditions.add(value.ofRows()));
        return new Walk(List.of(), conditions, extent);
    }

    private List<Facet.Value> rarestFirst(List<Facet.Value> all) throws SQLException {
        if (all.size() < 2) {
            return all;
        }
        Map<Facet.Value, Long> recent = new HashMap<>();
        for (Facet.Value value : all) {
            recent.put(value, value.recent(connection));
        }
        return all.stream().sorted(Comparator.comparing(recent::get)).toList();
    }

    /**
     * Selects the sequences of what matches.
     *
     * @param part the part of the record where they are looked for
     * @param limit how many of the newest; of several branches, how many of each
     */
    Condition newest(Extent part, int limit) throws SQLException {
        List<Condition> rows = new ArrayList<>(compared);
        rows.addAll(times.ofRows());
        Extent extent = times.extent(connection).and(part);
        if (branches.isEmpty()) {
            return walk(values, rows, extent).newest(database, "seq", limit);
        }
        List<Condition> selects = new ArrayList<>();
        for (Facet.Value branch : branches) {
            List<Facet.Value> all = new ArrayList<>(values);
            all.add(branch);
            selects.add(
                    walk(all, rows, extent).newest(database, "seq", limit).within("SELECT seq FROM (", ") AS branch"));
        }
        return Condition.join("", selects, " UNION ")
                .within("SELECT seq FROM (", ") AS branches ORDER BY seq DESC LIMIT " + limit);
    }

    /**
     * Counts what matches among the newest that must be looked at. Selects how many were looked at, and how many of them
     * match.
     *
     * @param limit how many are looked at
     */
    Condition count(int limit) throws SQLException {
        if (!branches.isEmpty() || byRequestId) {
            return newest(Extent.ALL, limit).within("SELECT count(*), count(*) FROM (", ") AS counted");
        }
        List<Condition> narrow = new ArrayList<>(compared);
        narrow.addAll(times.ofRows());
        Condition looked = walk(values, List.of(), times.extent(connection))
                .newest(database, "activity.*", limit)
                .within(" FROM (", ") AS looked");
        if (narrow.isEmpty()) {
            return looked.within("SELECT count(*), count(*)", "");
        }
        return Condition.join("SELECT count(*), sum(CASE WHEN ", narrow, " AND ")
                .within("", " THEN 1 ELSE 0 END)")
                .then(looked);
    }
}
