package io.agenthub.store;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where and how a PostgreSQL store keeps activities. Immutable.
 *
 * @param url the database, as {@code jdbc:postgresql://host:port/database} with whatever parameters the driver knows; encryption
 *     is one of them ({@code sslmode=verify-full})
 * @param user who connects; empty leaves it to the URL
 * @param password their password; empty leaves it to the URL, or to the driver's password file
 * @param schema the schema that the tables are in, made if it does not exist: lower-case letters, digits and underscores; default
 *     {@code agenthub}. Hubs that name the same schema share one record
 * @param keyFile a file of 32 bytes that seals the beginning of the hash chain, the same for all hubs that share the record; empty
 *     means a key in the database, which whoever can change the record can use as well
 * @param heads where the heads of the hash chain are exported to, one to a line; empty means nowhere. The newest 100,000
 *     count; a file of more than 20 MB gives its older ones up, where it can be replaced
 * @param store what is the same for every database
 */
public record PostgresOptions(
        String url,
        Optional<String> user,
        Optional<String> password,
        String schema,
        Optional<Path> keyFile,
        Optional<Path> heads,
        StoreOptions store) {

    /** The schema that is used unless another is named. */
    public static final String DEFAULT_SCHEMA = "agenthub";

    static final String SCHEME = "jdbc:postgresql:";
    private static final Pattern NAME = Pattern.compile("[a-z_][a-z0-9_]{0,62}");

    /**
     * Checks the URL and the name of the schema.
     *
     * @throws IllegalArgumentException if one of them is none; the message names it
     */
    public PostgresOptions {
        if (!url.startsWith(SCHEME)) {
            throw new IllegalArgumentException("url must begin with " + SCHEME);
        }
        if (!NAME.matcher(schema).matches()) {
            throw new IllegalArgumentException(
                    "schema is '" + schema + "', must be lower-case letters, digits and underscores, at most 63");
        }
        Objects.requireNonNull(user);
        Objects.requireNonNull(password);
        Objects.requireNonNull(keyFile);
        Objects.requireNonNull(heads);
        Objects.requireNonNull(store);
    }

    /**
     * Every default.
     *
     * @param url the database
     * @return the options
     */
    public static PostgresOptions of(String url) {
        return new PostgresOptions(
                url,
                Optional.empty(),
                Optional.empty(),
                DEFAULT_SCHEMA,
                Optional.empty(),
                Optional.empty(),
                StoreOptions.DEFAULT);
    }

    /**
     * The same for another user.
     *
     * @param name who connects
     * @param secret their password
     * @return new options
     */
    public PostgresOptions login(String name, String secret) {
        return new PostgresOptions(url, Optional.of(name), Optional.of(secret), schema, keyFile, heads, store);
    }

    /**
     * The same in another schema.
     *
     * @param value its name
     * @return new options
     */
    public PostgresOptions schema(String value) {
        return new PostgresOptions(url, user, password, value, keyFile, heads, store);
    }

    /**
     * The same with a key outside the database.
     *
     * @param value a file of 32 bytes
     * @return new options
     */
    public PostgresOptions keyFile(Path value) {
        return new PostgresOptions(url, user, password, schema, Optional.of(value), heads, store);
    }

    /**
     * The same with a place for the heads.
     *
     * @param value a file, best on a medium to which the hub can only append
     * @return new options
     */
    public PostgresOptions heads(Path value) {
        return new PostgresOptions(url, user, password, schema, keyFile, Optional.of(value), store);
    }

    /**
     * The same with other options of the store.
     *
     * @param value what is the same for every database
     * @return new options
     */
    public PostgresOptions store(StoreOptions value) {
        return new PostgresOptions(url, user, password, schema, keyFile, heads, value);
    }

    /** Without user, password, and what the URL has after its question mark. */
    @Override
    public String toString() {
        return "PostgresOptions[" + place() + ", schema=" + schema + "]";
    }

    /** The URL without parameters, which may hold secrets. */
    String place() {
        int parameters = url.indexOf('?');
        return parameters < 0 ? url : url.substring(0, parameters);
    }
}
