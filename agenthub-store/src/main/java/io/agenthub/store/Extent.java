package io.agenthub.store;

/** A part of the record: the sequences from the least to the most, both inclusive. */
record Extent(long least, long most) {
    static final Extent ALL = new Extent(0, Long.MAX_VALUE);
    static final Extent NONE = new Extent(0, -1);

    Extent and(Extent other) {
        return new Extent(Math.max(least, other.least), Math.min(most, other.most));
    }

    static Extent ofBlock(long block) {
        return new Extent(block * Facets.BLOCK, block * Facets.BLOCK + Facets.BLOCK - 1);
    }

    boolean holds(long sequence) {
        return least <= sequence && sequence <= most;
    }

    boolean isEmpty() {
        return most < least;
    }

    boolean isAll() {
        return equals(ALL);
    }

    /** A condition on a column of blocks, which may reach beyond the ends. */
    Condition ofBlocks(String column) {
        long last = most < least ? -1 : Facets.block(most);
        return Condition.of(column + " BETWEEN " + Facets.block(least) + " AND " + last);
    }
}
