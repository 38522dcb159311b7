package io.agenthub.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/**
 * Sums per slot, kind and value of one dimension: what statistics and totals of everything, or by one name, are made of.
 * Collects what a transaction adds or removes, then writes it at once. Confined to the writer thread.
 */
final class Dimensions {
    private static final String ADD = " (dim, slot, kind, a, b, n, failed, nanos, bytes_in, bytes_out)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (dim, slot, kind, a, b) DO UPDATE SET"
            + " n = t.n + excluded.n, failed = t.failed + excluded.failed, nanos = t.nanos + excluded.nanos,"
            + " bytes_in = t.bytes_in + excluded.bytes_in, bytes_out = t.bytes_out + excluded.bytes_out";

    private final Grain grain;
    private final PreparedStatement add;
    private final Map<Key, Sums> sums = new HashMap<>();

    private record Key(int dim, long slot, int kind, long a, long b) {}

    Dimensions(Connection connection, Grain grain) throws SQLException {
        this.grain = grain;
        add = connection.prepareStatement("INSERT INTO " + grain.rollup() + " AS t" + ADD);
    }

    void count(Rollup.Facts facts, int times) {
        add(Rollup.ALL, 0, 0, facts, times);
        add(Rollup.OUTCOME, facts.outcome(), 0, facts, times);
        addIfAny(Rollup.SERVER, facts.server(), facts, times);
        addIfAny(Rollup.CLIENT, facts.client(), facts, times);
        addIfAny(Rollup.METHOD, facts.method(), facts, times);
        addIfAny(Rollup.STATUS, facts.status(), facts, times);
        if (facts.tool() != 0) {
            add(Rollup.TOOL, facts.server(), facts.tool(), facts, times);
        }
        add(Rollup.LATENCY, Latencies.classOf(facts.nanos()), 0, facts, times);
    }

    private void addIfAny(int dim, long a, Rollup.Facts facts, int times) {
        if (a != 0) {
            add(dim, a, 0, facts, times);
        }
    }

    private void add(int dim, long a, long b, Rollup.Facts facts, int times) {
        Key key = new Key(dim, grain.slot(facts.micros()), facts.kind(), a, b);
        sums.computeIfAbsent(key, none -> new Sums()).add(facts, times);
    }

    /** Forgets what was counted since the last flush. */
    void forget() throws SQLException {
        sums.clear();
        add.clearBatch();
    }

    void flush() throws SQLException {
        for (Map.Entry<Key, Sums> entry : sums.entrySet()) {
            Key key = entry.getKey();
            add.setInt(1, key.dim);
            add.setLong(2, key.slot);
            add.setInt(3, key.kind);
            add.setLong(4, key.a);
            add.setLong(5, key.b);
            entry.getValue().bind(add, 6);
            add.addBatch();
        }
        add.executeBatch();
        sums.clear();
    }
}
