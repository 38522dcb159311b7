package io.agenthub.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The tables, as numbered scripts: number n leads from version n - 1 to version n.
 *
 * @param packed the version since which activities are packed
 */
record Schema(String database, int version, int packed) {

    /** Runs the scripts after a version, within the transaction at hand. */
    void migrate(Connection connection, int from) throws SQLException {
        for (int number = from + 1; number <= version; number++) {
            try (Statement statement = connection.createStatement()) {
                for (String command : script(number).split(";\\s*\\n", -1)) {
                    if (!command.isBlank()) {
                        statement.executeUpdate(command);
                    }
                }
            }
            if (number == packed) {
                RowPacking.pack(connection, from == 0);
            }
        }
    }

    private String script(int number) {
        String name = database + "-" + number + ".sql";
        try (InputStream in = Schema.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the script " + name + " is missing from the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
