package io.agenthub.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/**
 * Sums per slot, kind and every name together: what statistics of a selection are made of. At most a row for each activity, in
 * practice a few hundred for a slot: details that no two failures share are what makes it large. Confined to the writer thread.
 */
final class Cube {
    private static final List<String> KEYS =
            List.of("slot", "kind", "outcome", "server", "client", "method", "tool", "detail", "status");

    private final Grain grain;
    private final SumTable<Cell> table;

    Cube(Connection connection, Grain grain) throws SQLException {
        this.grain = grain;
        this.table = new SumTable<>(connection, grain.cube(), KEYS, Cube::bind);
    }

    SumTable<?> table() {
        return table;
    }

    void count(Cell cell, Sums sums) {
        table.count(cell.in(grain), sums);
    }

    private static void bind(PreparedStatement add, Cell cell) throws SQLException {
        add.setLong(1, cell.slot());
        add.setInt(2, cell.kind());
        add.setLong(3, cell.outcome());
        add.setLong(4, cell.server());
        add.setLong(5, cell.client());
        add.setLong(6, cell.method());
        add.setLong(7, cell.tool());
        add.setLong(8, cell.detail());
        add.setInt(9, cell.status());
    }
}
