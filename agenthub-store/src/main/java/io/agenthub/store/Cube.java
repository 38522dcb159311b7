package io.agenthub.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/**
 * Sums per slot, kind and every name together: what statistics of a selection are made of. At most a row for each activity, in
 * practice a few hundred for a slot. Collects what a transaction adds or removes, then writes it at once. Confined to the writer
 * thread.
 */
final class Cube {
    private static final String ADD = " (slot, kind, outcome, server, client, method, tool, status,"
            + " n, failed, nanos, bytes_in, bytes_out) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            + " ON CONFLICT (slot, kind, outcome, server, client, method, tool, status) DO UPDATE SET"
            + " n = t.n + excluded.n, failed = t.failed + excluded.failed, nanos = t.nanos + excluded.nanos,"
            + " bytes_in = t.bytes_in + excluded.bytes_in, bytes_out = t.bytes_out + excluded.bytes_out";

    private final Grain grain;
    private final PreparedStatement add;
    private final Map<Cell, Sums> cells = new HashMap<>();

    private record Cell(
            long slot, int kind, long outcome, long server, long client, long method, long tool, int status) {}

    Cube(Connection connection, Grain grain) throws SQLException {
        this.grain = grain;
        add = connection.prepareStatement("INSERT INTO " + grain.cube() + " AS t" + ADD);
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
                facts.status());
        cells.computeIfAbsent(cell, none -> new Sums()).add(facts, times);
    }

    /** Forgets what was counted since the last flush. */
    void forget() throws SQLException {
        cells.clear();
        add.clearBatch();
    }

    void flush() throws SQLException {
        for (Map.Entry<Cell, Sums> entry : cells.entrySet()) {
            Cell cell = entry.getKey();
            add.setLong(1, cell.slot);
            add.setInt(2, cell.kind);
            add.setLong(3, cell.outcome);
            add.setLong(4, cell.server);
            add.setLong(5, cell.client);
            add.setLong(6, cell.method);
            add.setLong(7, cell.tool);
            add.setInt(8, cell.status);
            entry.getValue().bind(add, 9);
            add.addBatch();
        }
        add.executeBatch();
        cells.clear();
    }
}
