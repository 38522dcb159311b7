package io.agenthub.store;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A piece of SQL and the parameters in it. Values never become part of the text; only numbers that the store itself gave out
 * do.
 */
record Condition(String sql, List<Object> values) {

    static Condition of(String sql, Object... values) {
        return new Condition(sql, List.of(values));
    }

    /** A condition that a column has one of some values. */
    static Condition in(String column, Collection<? extends Number> numbers) {
        return of(numbers.stream().map(String::valueOf).collect(Collectors.joining(", ", column + " IN (", ")")));
    }

    /** All of them together, as a WHERE clause; nothing if there are none. */
    static Condition where(List<Condition> conditions) {
        return conditions.isEmpty() ? of("") : join(" WHERE ", conditions, " AND ");
    }

    static Condition join(String prefix, List<Condition> parts, String separator) {
        List<Object> values = new ArrayList<>();
        parts.forEach(part -> values.addAll(part.values));
        return new Condition(
                parts.stream().map(Condition::sql).collect(Collectors.joining(separator, prefix, "")), values);
    }

    /** This with SQL around it that has no parameters. */
    Condition within(String before, String after) {
        return new Condition(before + sql + after, values);
    }

    Condition then(Condition next) {
        List<Object> both = new ArrayList<>(values);
        both.addAll(next.values);
        return new Condition(sql + next.sql, both);
    }

    void bind(PreparedStatement statement) throws SQLException {
        int index = 1;
        for (Object value : values) {
            if (value instanceof Long number) {
                statement.setLong(index++, number);
            } else if (value instanceof String text) {
                statement.setString(index++, text);
            } else {
                throw new IllegalArgumentException("parameter of type " + value.getClass());
            }
        }
    }
}
