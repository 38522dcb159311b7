package io.agenthub.store;

import java.sql.SQLException;

/**
 * All that sums are kept by, but for the latency: activities of a transaction that agree in it are summed up before any table is
 * thought of. Names as numbers, 0 for none.
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

    /** The same in a coarser slot. */
    Cell in(Grain grain) {
        return new Cell(grain.slotOfHour(slot), kind, outcome, server, client, method, tool, detail, status);
    }
}
