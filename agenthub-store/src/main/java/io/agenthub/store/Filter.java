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
 * becomes a branch that is walked on its own. With too many values the condition is likely to hold often, and looking at
 * everything is the better way. Whatever leads to an activity, it is looked at before it counts as found.
 */
final class Filter {
    private static final int MAX_BRANCHES = 100;
    private static final int MAX_NAMES = 16;
    /** Where a text is looked for. */
    private static final List<Facet> TEXTS =
            List.of(Facet.CLIENT, Facet.SERVER, Facet.METHOD, Facet.TOOL, Facet.OUTCOME, Facet.DETAIL);

    private final Connection connection;
    private final Database database;
    private final ActivityQuery query;
    private final ChainRow chain;
    private final List<Facet.Value> values = new ArrayList<>();
    private final List<Facet.Value> branches = new ArrayList<>();
    private final List<Condition> dimension = new ArrayList<>();
    private final List<Condition> cubed = new ArrayList<>();
    private boolean impossible;
    private boolean summable = true;
    private boolean cubable = true;
    /** Whether marks tell all: whatever they lead to matches. */
    private boolean exact = true;

    private int dim = Rollup.ALL;

    final List<Integer> kinds;
    final Times times;

    /** Looks names up, and where the record begins and ends in the transaction at hand. */
    Filter(Connection connection, Database database, ActivityQuery query) throws SQLException {
        this.connection = connection;
        this.database = database;
        this.query = query;
        this.chain = ChainRow.read(connection);
        this.kinds = query.kinds().stream().map(Codes::of).sorted().toList();
        this.times = new Times(query);
        name(Facet.CLIENT, query.client());
        name(Facet.SERVER, query.server());
        name(Facet.METHOD, query.method());
        name(Facet.TOOL, query.tool());
        name(Facet.OUTCOME, query.outcome());
        if (query.requestId().isPresent()) {
            summable = false;
            cubable = false;
            exact = false;
        }
        if (query.text().isPresent()) {
            summable = false;
            text(query.text().get());
        }
        if (query.server().isPresent() && query.tool().isPresent() && !impossible) {
            impossible = !isPair();
        }
        status(query.leastStatus(), query.mostStatus());
        kinds();
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
        cubed.add(value.ofCells());
        sumOver(facet.dim(), value.ofSums());
    }

    /** Whether any server has the tool that it is asked for: walking along either alone would meet nothing for long. */
    private boolean isPair() throws SQLException {
        List<Condition> both = new ArrayList<>(List.of(Condition.of("dim = " + Rollup.TOOL)));
        pair().stream().map(Facet.Value::ofSums).forEach(both::add);
        return Numbers.one(connection, Condition.where(both).within("SELECT 1 FROM " + Grain.DAY.rollup(), " LIMIT 1"))
                        .isPresent()
                || isPairUnsummed();
    }

    private boolean isPairUnsummed() throws SQLException {
        Extent unsummed = unsummed();
        if (unsummed.isEmpty()) {
            return false;
        }
        try (Candidates both = walk(pair(), unsummed)) {
            while (both.next()) {
                if (both.within(unsummed) > 0) {
                    return true;
                }
            }
            return false;
        }
    }

    private List<Facet.Value> pair() {
        return values.stream()
                .filter(value -> value.facet() == Facet.SERVER || value.facet() == Facet.TOOL)
                .toList();
    }

    /** Sums are kept per value of one dimension; of two there are none. */
    private void sumOver(int dimensionOfColumn, Condition condition) {
        summable &= dim == Rollup.ALL;
        dim = dimensionOfColumn;
        dimension.add(condition);
    }

    private void text(String part) throws SQLException {
        String pattern = database.pattern(part);
        List<Long> ids = Numbers.all(
                connection,
                Condition.of(
                        "SELECT id FROM name WHERE " + database.containsText() + " LIMIT " + (MAX_NAMES + 1), pattern));
        impossible |= ids.isEmpty();
        Condition matching = Condition.of("IN (SELECT id FROM name WHERE " + database.containsText() + ")", pattern);
        List<Condition> each = TEXTS.stream()
                .map(facet -> matching.within(facet.column() + " ", ""))
                .toList();
        cubed.add(Condition.join("(", each, " OR ").within("", ")"));
        if (mayBranch() && ids.size() <= MAX_NAMES) {
            for (Facet facet : TEXTS) {
                ids.forEach(id -> branches.add(facet.value(id)));
            }
        } else {
            exact = false;
        }
    }

    private void status(OptionalInt least, OptionalInt most) throws SQLException {
        if (least.isEmpty() && most.isEmpty()) {
            return;
        }
        int from = least.orElse(0);
        int to = most.orElse(999);
        sumOver(Rollup.STATUS, Condition.of("a BETWEEN " + from + " AND " + to));
        cubed.add(Condition.of("status BETWEEN " + Math.max(1, from) + " AND " + to));
        List<Long> found = mayBranch() ? statuses(from, to) : List.of();
        impossible |= mayBranch() && found.isEmpty();
        if (found.isEmpty() || found.size() > MAX_BRANCHES) {
            exact = false;
        } else {
            found.forEach(status -> branches.add(Facet.STATUS.value(status)));
        }
    }

    /** Whether nothing leads to few activities or branches already. */
    private boolean mayBranch() {
        return branches.isEmpty() && query.requestId().isEmpty();
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

    private void kinds() {
        if (mayBranch() && !kinds.contains(Codes.CALL)) {
            kinds.forEach(kind -> branches.add(Facet.KIND.value(kind)));
        } else {
            exact &= kinds.isEmpty();
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

    /** The part of the record that is not in the sums. */
    Extent unsummed() {
        return chain.unsummed();
    }

    /** The part of the record that is in the sums. */
    Extent summed() {
        return new Extent(0, unsummed().least() - 1);
    }

    /** Shows a visitor what matches within a time and a part of the record, newest first. */
    void matching(Times within, Extent part, Scan.Visitor visitor) throws SQLException {
        Match match = new Match(query, within);
        candidates(within, part, (segment, i) -> !match.matches(segment, i) || visitor.visit(segment, i));
    }

    /**
     * Counts what matches, newest first, as far as that is quick.
     *
     * @param most where it ends: as soon as more match than so many,
     * @param mostLooked or as soon as it has looked at so many
     */
    Count count(int most, int mostLooked) throws SQLException {
        Count count = new Count(most, mostLooked);
        Extent extent = extent(times, Extent.ALL);
        if (extent.isEmpty()) {
            return count;
        }
        try (Candidates candidates = leading(extent)) {
            if (exact && !times.isBounded()) {
                while (count.goesOn() && candidates.next()) {
                    count.add(candidates.within(extent));
                }
            } else {
                Match match = new Match(query, times);
                Scan.go(connection, candidates, extent, (segment, i) -> count.add(match.matches(segment, i)));
            }
        }
        return count;
    }

    private void candidates(Times within, Extent part, Scan.Visitor visitor) throws SQLException {
        Extent extent = extent(within, part);
        if (!extent.isEmpty()) {
            try (Candidates candidates = leading(extent)) {
                Scan.go(connection, candidates, extent, visitor);
            }
        }
    }

    private Extent extent(Times within, Extent part) throws SQLException {
        return within.extent(connection).and(part).and(new Extent(chain.anchor() + 1, chain.head()));
    }

    private Candidates leading(Extent extent) throws SQLException {
        if (query.requestId().isPresent()) {
            return RequestIds.candidates(connection, query.requestId().get(), extent);
        }
        if (!branches.isEmpty()) {
            List<Candidates> each = new ArrayList<>();
            for (Facet.Value branch : branches) {
                List<Facet.Value> all = new ArrayList<>(values);
                all.add(branch);
                each.add(walk(all, extent));
            }
            return new AnyOf(each);
        }
        return values.isEmpty() ? new EveryBlock(List.of(extent)) : walk(values, extent);
    }

    private Candidates walk(List<Facet.Value> all, Extent extent) throws SQLException {
        return new Walk(rarestFirst(all), extent).candidates(connection);
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
}
