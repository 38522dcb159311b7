package io.agenthub.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key that
                    && dim == that.dim
                    && slot == that.slot
                    && kind == that.kind
                    && a == that.a
                    && b == that.b;
        }

        @Override
        public int hashCode() {
            return (((dim * 31 + Long.hashCode(slot)) * 31 + kind) * 31 + Long.hashCode(a)) * 31 + Long.hashCode(b);
        }
    }

    Dimensions(Connection connection, Grain grain) throws SQLException {
        this.grain = grain;
        this.table = new SumTable<>(connection, grain.rollup(), KEYS, (add, key) -> key.bind(add));
    }

    SumTable<?> table() {
        return table;
    }

    void count(Cell cell, Sums sums) {
        add(cell, Rollup.ALL, 0, 0, sums);
        add(cell, Rollup.OUTCOME, cell.outcome(), 0, sums);
        addIfAny(cell, Rollup.SERVER, cell.server(), sums);
        addIfAny(cell, Rollup.CLIENT, cell.client(), sums);
        addIfAny(cell, Rollup.METHOD, cell.method(), sums);
        addIfAny(cell, Rollup.STATUS, cell.status(), sums);
        if (cell.tool() != 0) {
            add(cell, Rollup.TOOL, cell.server(), cell.tool(), sums);
        }
    }

    /** Counts activities of one class of latency, by the hour. */
    void countLatency(long hour, int kind, int latency, Sums sums) {
        table.count(new Key(Rollup.LATENCY, grain.slotOfHour(hour), kind, latency, 0), sums);
    }

    private void addIfAny(Cell cell, int dim, long a, Sums sums) {
        if (a != 0) {
            add(cell, dim, a, 0, sums);
        }
    }

    private void add(Cell cell, int dim, long a, long b, Sums sums) {
        table.count(new Key(dim, grain.slotOfHour(cell.slot()), cell.kind(), a, b), sums);
    }
}
