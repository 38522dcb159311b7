package io.agenthub.store;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * All that sums are kept by, but for the latency: activities that agree in it are summed up before any table is thought of.
 * Names as numbers, 0 for none.
 *
 * @param slot the hour, as {@link Grain#HOUR} numbers it, or a coarser slot
 */
record Cell(
        long slot, int kind, long outcome, long server, long client, long method, long tool, long detail, int status) {

    /** The cell of a shape. Names that nobody bore yet get a number. */
    static Cell of(Shape shape, long hour, Names names) throws SQLException {
        return new Cell(
                hour,
                Codes.of(shape.kind()),
                names.id(shape.outcome()),
                names.idOrNone(shape.server()),
                names.idOrNone(shape.client()),
                names.idOrNone(shape.method()),
                names.idOrNone(shape.tool()),
                names.idOrNone(shape.detail()),
                shape.status());
    }

    // Written out here and in other records of this package: what a record comes with is put together by method
    // handles, and
    // their first use is what a start can do without.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Cell that
                && slot == that.slot
                && kind == that.kind
                && outcome == that.outcome
                && server == that.server
                && client == that.client
                && method == that.method
                && tool == that.tool
                && detail == that.detail
                && status == that.status;
    }

    @Override
    public int hashCode() {
        int hash = Long.hashCode(slot) * 31 + kind;
        hash = hash * 31 + Long.hashCode(outcome);
        hash = hash * 31 + Long.hashCode(server);
        hash = hash * 31 + Long.hashCode(client);
        hash = hash * 31 + Long.hashCode(method);
        hash = hash * 31 + Long.hashCode(tool);
        hash = hash * 31 + Long.hashCode(detail);
        return hash * 31 + status;
    }

    /** The same in a coarser slot. */
    Cell in(Grain grain) {
        return new Cell(grain.slotOfHour(slot), kind, outcome, server, client, method, tool, detail, status);
    }
}
