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

    private record Cell(
            long slot,
            int kind,
            long outcome,
            long server,
            long client,
            long method,
            long tool,
            long detail,
            int status) {

        void bind(PreparedStatement add) throws SQLException {
            add.setLong(1, slot);
            add.setInt(2, kind);
            add.setLong(3, outcome);
            add.setLong(4, server);
            add.setLong(5, client);
            add.setLong(6, method);
            add.setLong(7, tool);
            add.setLong(8, detail);
            add.setInt(9, status);
        }
    }

    Cube(Connection connection, Grain grain) throws SQLException {
        this.grain = grain;
        this.table = new SumTable<>(connection, grain.cube(), KEYS, (add, cell) -> cell.bind(add));
    }

    SumTable<?> table() {
        return table;
    }

    void count(Rollup.Facts facts, int times) {
        Cell cell = new Cell(
                grain.slot(facts.micros()),
                facts.kind(),
                facts.outcome(),
                facts.server(),
                facts.client(),
                facts.method(),
                facts.tool(),
                facts.detail(),
                facts.status());
        table.count(cell, facts, times);
    }
}
