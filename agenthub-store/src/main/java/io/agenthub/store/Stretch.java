package io.agenthub.store;

/** A part of the record: the sequences from the least to the most, both inclusive. */
record Stretch(long least, long most) {
    static final Stretch ALL = new Stretch(0, Long.MAX_VALUE);
    static final Stretch NONE = new Stretch(0, -1);

    Stretch and(Stretch other) {
        return new Stretch(Math.max(least, other.least), Math.min(most, other.most));
    }

    boolean isAll() {
        return equals(ALL);
    }

    /** A condition on a column of sequences. */
    Condition of(String column) {
        return Condition.of(column + " BETWEEN " + least + " AND " + most);
    }

    /** A condition on a column of blocks, which may reach beyond the ends. */
    Condition ofBlocks(String column) {
        long last = most < least ? -1 : Facets.block(most);
        return Condition.of(column + " BETWEEN " + Facets.block(least) + " AND " + last);
    }
}
