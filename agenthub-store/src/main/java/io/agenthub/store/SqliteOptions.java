package io.agenthub.store;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * Where and how a SQLite store keeps activities. Immutable.
 *
 * @param file the database, on a local disk: write-ahead logging does not work over a network. Its folder is made if it does
 *     not exist, and must not be writable for everybody
 * @param durability what an acknowledged activity survives; default {@link Durability#FULL}
 * @param heads where the heads of the hash chain are exported to, one to a line; empty means beside the database. Heads that
 *     somebody who can change the database can change as well prove nothing. The newest 100,000 count; a file of more than 20 MB gives
 *     its older ones up, where it can be replaced
 * @param store what is the same for every database
 */
public record SqliteOptions(Path file, Durability durability, Optional<Path> heads, StoreOptions store) {

    /** What an acknowledged activity survives. */
    public enum Durability {
        /** A loss of power: each transaction is forced to the disk. */
        FULL,
        /** A crash of the process. After a loss of power the newest activities may be missing, never damaged. */
        NORMAL
    }

    /** Checks that nothing is null. */
    public SqliteOptions {
        Objects.requireNonNull(file);
        Objects.requireNonNull(durability);
        Objects.requireNonNull(heads);
        Objects.requireNonNull(store);
    }

    /**
     * Every default.
     *
     * @param file the database
     * @return the options
     */
    public static SqliteOptions of(Path file) {
        return new SqliteOptions(file, Durability.FULL, Optional.empty(), StoreOptions.DEFAULT);
    }

    /**
     * The same with another durability.
     *
     * @param value what an acknowledged activity survives
     * @return new options
     */
    public SqliteOptions durability(Durability value) {
        return new SqliteOptions(file, value, heads, store);
    }

    /**
     * The same with another place for the heads.
     *
     * @param value a file, best on a medium to which the hub can only append
     * @return new options
     */
    public SqliteOptions heads(Path value) {
        return new SqliteOptions(file, durability, Optional.of(value), store);
    }

    /**
     * The same with other options of the store.
     *
     * @param value what is the same for every database
     * @return new options
     */
    public SqliteOptions store(StoreOptions value) {
        return new SqliteOptions(file, durability, heads, value);
    }
}
