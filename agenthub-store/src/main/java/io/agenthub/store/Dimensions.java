package io.agenthub.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/**
 * Sums per slot, kind and value of one dimension: what statistics and totals of everything, or by one name, are made of.
 * Confined to the writer thread.
 */
final class Dimensions {
    private static final List<String> KEYS = List.of("dim", "slot", "kind", "a", "b");

    private final Grain grain;
    private final SumTable<Key> table;

    private record Key(int dim, long slot, int kind, long a, long b) {

        void bind(PreparedStatement add) throws SQLException {
            add.setInt(1, dim);
            add.setLong(2, slot);
            add.setInt(3, kind);
            add.setLong(4, a);
            add.setLong(5, b);
        }
    }

    Dimensions(Connection connection, Grain grain) throws SQLException {
        this.grain = grain;
        this.table = new SumTable<>(connection, grain.rollup(), KEYS, (add, key) -> key.bind(add));
    }

    SumTable<?> table() {
        return table;
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
        table.count(key, facts, times);
    }
}
