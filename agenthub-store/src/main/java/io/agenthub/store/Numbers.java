package io.agenthub.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Answers that are numbers. */
final class Numbers {
    private Numbers() {}

    /** The first column; without nulls. */
    static List<Long> all(Connection connection, Condition select) throws SQLException {
        List<Long> numbers = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(select.sql())) {
            select.bind(statement);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    long number = row.getLong(1);
                    if (!row.wasNull()) {
                        numbers.add(number);
                    }
                }
            }
        }
        return numbers;
    }

    /** The first column of the first row; empty if there is none or it is null. */
    static OptionalLong one(Connection connection, Condition select) throws SQLException {
        List<Long> numbers = all(connection, select);
        return numbers.isEmpty() ? OptionalLong.empty() : OptionalLong.of(numbers.get(0));
    }
}
