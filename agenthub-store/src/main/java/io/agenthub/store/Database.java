package io.agenthub.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** What differs between the databases that can hold the record. Confined to the writer thread unless a method says otherwise. */
interface Database {

    /**
     * Connects for writing: takes possession, checks, and creates or migrates the tables.
     *
     * @throws io.agenthub.api.activity.ActivityStoreException if somebody has to do something first
     */
    Connection connectWriter() throws SQLException;

    /** Connects for reading only, on any thread; transactions are by hand. */
    Connection connectReader() throws SQLException;

    /**
     * Ends what runs on a reader's connection as soon as the condition holds. On the reader's thread.
     *
     * @return what must be told when nothing runs there any more
     */
    Watch abortWhen(Connection reader, BooleanSupplier condition) throws SQLException;

    /** Watches over a query. */
    interface Watch {
        /** There is nothing to watch any more. Returns whether the connection can be used again. */
        boolean end();
    }

    /** Begins a transaction that writes. */
    void begin(Connection writer) throws SQLException;

    /** Ends a transaction that writes, for good. */
    void commit(Connection writer) throws SQLException;

    /** Ends a transaction that writes, as if it had never been; without effect if there is none. */
    void rollback(Connection writer) throws SQLException;

    /** Whether nobody else writes, so that what a writer has not written yet is missed by nobody. */
    boolean isAlone();

    /** What follows a select of the chain's row, so that other writers wait. */
    String lockClause();

    /** A condition that a name contains a text, which is the parameter, made by {@link #pattern}. */
    String containsText();

    /** The parameter of {@link #containsText}. */
    String pattern(String part);

    /** What a failure means for what comes next. On any thread. */
    Trouble trouble(SQLException failure);

    /** Whether a writer that fails in a way that suggests damage finds its database damaged. May take seconds. */
    boolean isDamaged();

    /** Puts a damaged database out of the way. Returns where it is now, or nothing if that cannot be done. */
    Optional<String> setAside();

    /** The bytes in use. */
    long usedBytes(Connection writer) throws SQLException;

    /**
     * Gives a little of what is no longer in use back, outside a transaction.
     *
     * @return whether there is more that is worth it
     */
    boolean giveBack(Connection writer) throws SQLException;

    /** Does what a database puts off until some transaction has to wait for it, outside a transaction. */
    void settle(Connection writer) throws SQLException;

    /** The key that seals anchors. */
    byte[] key(Connection writer) throws SQLException;

    /** Where heads are exported to. */
    Heads heads();

    /** Lets go of everything. */
    void release();

    /** What a failure means for what comes next. */
    enum Trouble {
        /** The same may succeed later on the same connection. */
        PASSING,
        /** The connection is of no more use. */
        DISCONNECTED,
        /** The content of the database contradicts itself. */
        DAMAGED
    }
}
