package io.agenthub.store;

/**
 * All that sums are kept by, but for the latency: activities of a transaction that agree in it are summed up before any table is
 * thought of. Names as numbers, 0 for none.
 *
 * @param slot the hour, as {@link Grain#HOUR} numbers it, or a coarser slot
 */
record Cell(
        long slot, int kind, long outcome, long server, long client, long method, long tool, long detail, int status) {

    static Cell of(Rollup.Facts facts) {
        return new Cell(
                Grain.HOUR.slot(facts.micros()),
                facts.kind(),
                facts.outcome(),
                facts.server(),
                facts.client(),
                facts.method(),
                facts.tool(),
                facts.detail(),
                facts.status());
    }

    /** The same in a coarser slot. */
    Cell in(Grain grain) {
        return new Cell(grain.slotOfHour(slot), kind, outcome, server, client, method, tool, detail, status);
    }
}
