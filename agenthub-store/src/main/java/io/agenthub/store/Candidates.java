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

    @Override
    void close() throws SQLException;
}
