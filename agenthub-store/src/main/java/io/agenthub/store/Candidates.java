package io.agenthub.store;

import java.sql.SQLException;

/** Blocks in which there may be activities that somebody looks for, newest first, and which sequences of each. */
interface Candidates extends AutoCloseable {

    /** Goes to the next older block. Returns whether there is one. */
    boolean next() throws SQLException;

    /** The block. */
    long block();

    /** A word of the marks of this block's sequences. */
    long marks(int word);

    /** How many sequences of this block are marked within a part of the record. */
    default int within(Extent extent) {
        int marked = 0;
        for (int word = 0; word < Facets.WORDS; word++) {
            long rest = marks(word);
            long first = block() * Facets.BLOCK + (long) word * Long.SIZE;
            while (rest != 0) {
                marked += extent.holds(first + Long.numberOfTrailingZeros(rest)) ? 1 : 0;
                rest &= rest - 1;
            }
        }
        return marked;
    }

    @Override
    void close() throws SQLException;
}
