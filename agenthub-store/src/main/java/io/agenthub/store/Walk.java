package io.agenthub.store;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A way along the record: through the blocks where some activity has all of the values, or through everything if there are no
 * values.
 *
 * @param values the rarest first
 * @param rows what is compared beside them
 * @param extent the part of the record that it goes through
 */
record Walk(List<Facet.Value> values, List<Condition> rows, Extent extent) {

    /** Selects columns of what matches, in any order. */
    Condition select(Database database, String columns) {
        return values.isEmpty() ? all(columns) : blockwise(database, columns);
    }

    /** Selects columns of the newest of what matches, newest first. */
    Condition newest(Database database, String columns, int limit) {
        String order = values.isEmpty() ? "seq DESC" : database.descent().newestFirst();
        return select(database, columns).within("", " ORDER BY " + order + " LIMIT " + limit);
    }

    private Condition all(String columns) {
        List<Condition> conditions = new ArrayList<>(rows);
        if (!extent.isAll()) {
            conditions.add(extent.of("seq"));
        }
        return Condition.where(conditions).within("SELECT " + columns + " FROM activity", "");
    }

    private Condition blockwise(Database database, String columns) {
        List<Condition> conditions = new ArrayList<>();
        if (!extent.isAll()) {
            // The plus keeps the database from walking along the extent once for each block.
            conditions.add(extent.of("+seq"));
        }
        values.forEach(value -> conditions.add(value.ofRows()));
        conditions.addAll(rows);
        return blocks().within(
                        "SELECT " + columns + " FROM (",
                        ") AS f CROSS JOIN " + database.descent().rows())
                .then(Condition.where(conditions));
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
        String marks = each(Facets.WORDS, ", ", word -> meeting(word) + " AS m" + word);
        return Condition.where(conditions).within("SELECT f0.block AS block, " + marks + " FROM " + tables, "");
    }

    /** The marks of the activities that have all values, in one word of a block. */
    private String meeting(int word) {
        return "(" + each(values.size(), " & ", i -> "f" + i + ".m" + word) + ")";
    }

    private static String each(int count, String separator, IntFunction<String> part) {
        return IntStream.range(0, count).mapToObj(part).collect(Collectors.joining(separator));
    }
}
