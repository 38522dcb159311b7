package io.agenthub.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/**
 * Sums per hour, kind and every name together: what statistics of a selection are made of. At most a row for each activity, in
 * practice a few hundred for an hour. Collects what a transaction adds or removes, then writes it at once. Confined to the
 * writer thread.
 */
final class Cube {
    private static final String ADD = "INSERT INTO cube (slot, kind, outcome, server, client, method, tool, status,"
            + " n, failed, nanos, bytes_in, bytes_out) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            + " ON CONFLICT (slot, kind, outcome, server, client, method, tool, status) DO UPDATE SET"
            + " n = cube.n + excluded.n, failed = cube.failed + excluded.failed, nanos = cube.nanos + excluded.nanos,"
            + " bytes_in = cube.bytes_in + excluded.bytes_in, bytes_out = cube.bytes_out + excluded.bytes_out";

    private final Map<Cell, Sums> cells = new HashMap<>();

    private record Cell(
            long slot, int kind, long outcome, long server, long client, long method, long tool, int status) {}

    /** What is summed up in each table of sums. */
    static final class Sums {
        private long n;
        private long failed;
        private long nanos;
        private long bytesIn;
        private long bytesOut;

        void add(Rollup.Facts facts, int times) {
            n += times;
            failed += facts.failed() ? times : 0;
            nanos += times * facts.nanos();
            bytesIn += times * facts.bytesIn();
            bytesOut += times * facts.bytesOut();
        }

        void bind(PreparedStatement add, int first) throws SQLException {
            add.setLong(first, n);
            add.setLong(first + 1, failed);
            add.setLong(first + 2, nanos);
            add.setLong(first + 3, bytesIn);
            add.setLong(first + 4, bytesOut);
        }
    }

    void count(Rollup.Facts facts, int times) {
        Cell cell = new Cell(
                Math.floorDiv(facts.micros(), Rollup.SLOT * 1_000_000),
                facts.kind(),
                facts.outcome(),
                facts.server(),
                facts.client(),
                facts.method(),
                facts.tool(),
                facts.status());
        cells.computeIfAbsent(cell, none -> new Sums()).add(facts, times);
    }

    void forget() {
        cells.clear();
    }

    void flush(Connection connection) throws SQLException {
        try (PreparedStatement add = connection.prepareStatement(ADD)) {
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
        }
        forget();
    }
}
