package io.agenthub.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A way along the record through the blocks where some activity has all of the values.
 *
 * @param values the rarest first, at least one
 * @param extent the part of the record that it goes through
 */
record Walk(List<Facet.Value> values, Extent extent) {

    Candidates candidates(Connection connection) throws SQLException {
        return new FacetBlocks(connection, blocks());
    }

    private Condition blocks() {
        List<Condition> conditions = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            Facet.Value value = values.get(i);
            conditions.add(Condition.of(
                    "f" + i + ".dim = " + value.facet().dim() + " AND f" + i + ".value = " + value.value()));
            if (i > 0) {
                conditions.add(Condition.of("f" + i + ".block = f0.block"));
            }
        }
        if (!extent.isAll()) {
            conditions.add(extent.ofBlocks("f0.block"));
        }
        if (values.size() > 1) {
            conditions.add(Condition.of("(" + each(Facets.WORDS, " | ", this::meeting) + ") <> 0"));
        }
        String tables = each(values.size(), " CROSS JOIN ", i -> "facet f" + i);
        String marks = each(Facets.WORDS, ", ", this::meeting);
        return Condition.where(conditions)
                .within("SELECT f0.block, " + marks + " FROM " + tables, " ORDER BY f0.block DESC");
    }

    /** The marks of the activities that have all values, in one word of a block. */
    private String meeting(int word) {
        return "(" + each(values.size(), " & ", i -> "f" + i + ".m" + word) + ")";
    }

    private static String each(int count, String separator, IntFunction<String> part) {
        return IntStream.range(0, count).mapToObj(part).collect(Collectors.joining(separator));
    }
}
