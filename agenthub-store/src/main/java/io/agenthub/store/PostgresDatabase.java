package io.agenthub.store;

import io.agenthub.api.Scheduler;
import io.agenthub.api.activity.ActivityStoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One schema of a PostgreSQL database, which several hubs may share: each transaction that writes first locks the one row of
 * {@code chain}, so sequences and links are given out by one writer at a time, batch after batch.
 */
final class PostgresDatabase implements Database {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresDatabase.class);
    private static final Schema SCHEMA = new Schema("postgresql", 6, 5);
    /** "AgHubMig": keeps two hubs from making the tables at the same time. */
    private static final long MIGRATION_LOCK = 0x416748_75624d69L;

    private static final Duration LONGEST_CONNECT = Duration.ofSeconds(10);
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(60);
    /** What another hub needs for a transaction is less. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);
    /** A transaction does nothing for so long only if its hub is gone, or does not run any more. */
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    /** In the first of these every text has a place; the other takes bytes for what they are. */
    private static final Set<String> ENCODINGS = Set.of("UTF8", "SQL_ASCII");

    private static final int KEY_BYTES = 32;
    /** What an activity takes beside its segment: its share of sums, marks and filters. */
    private static final int OVERHEAD_BYTES = 24;

    private static final int PAGE_BYTES = 8_192;
    private static final String UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private static final String AVERAGE = "SELECT sum(pg_column_size(data) + 36) / sum(last - first + 1) FROM"
            + " ((SELECT * FROM segment ORDER BY first LIMIT 20) UNION ALL"
            + " (SELECT * FROM segment ORDER BY first DESC LIMIT 20)) AS both_ends";

    private final Driver driver;
    private final PostgresOptions options;
    private final Scheduler scheduler;
    private final Heads heads;

    PostgresDatabase(Driver driver, PostgresOptions options, Scheduler scheduler) {
        this.driver = driver;
        this.options = options;
        this.scheduler = scheduler;
        this.heads = new Heads(options.heads().orElse(null));
    }

    private Connection connect(Duration silence) throws SQLException {
        Properties properties = new Properties();
        options.user().ifPresent(user -> properties.setProperty("user", user));
        options.password().ifPresent(password -> properties.setProperty("password", password));
        properties.setProperty("currentSchema", options.schema());
        properties.setProperty("ApplicationName", "AgentHub");
        properties.setProperty("connectTimeout", String.valueOf(LONGEST_CONNECT.toSeconds()));
        properties.setProperty("socketTimeout", String.valueOf(silence.toSeconds()));
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("reWriteBatchedInserts", "true");
        Connection connection = driver.connect(options.url(), properties);
        if (connection == null) {
            throw ActivityStoreException.unusable(
                    options.place() + " is not the address of a PostgreSQL database", null);
        }
        try {
            // Whatever the address says: a parameter in it counts for more than the property.
            connection.setSchema(options.schema());
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    @Override
    public Connection connectWriter() throws SQLException {
        Connection connection = connect(within(LONGEST_SILENCE));
        try {
            refuseEncoding(connection);
            begin(connection);
            prepare(connection);
            commit(connection);
            // The server lets go of what a hub holds that is gone, and of a hub that waits for what another one holds.
            command(connection, "SET idle_in_transaction_session_timeout = " + LONGEST_PAUSE.toMillis());
            command(connection, "SET lock_timeout = " + within(LONGEST_WAIT).toMillis());
            return connection;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /** As long, or as activities may wait to be written, if that is less. */
    private Duration within(Duration most) {
        Duration wait = options.store().writeTimeout();
        return wait.compareTo(most) < 0 ? wait.plusSeconds(1) : most;
    }

    private void refuseEncoding(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW server_encoding")) {
            if (row.next() && !ENCODINGS.contains(row.getString(1))) {
                throw ActivityStoreException.unusable(
                        options.place() + " keeps texts in " + row.getString(1)
                                + ", where not every name has a place; name a database with ENCODING 'UTF8'",
                        null);
            }
        }
    }

    private void prepare(Connection connection) throws SQLException {
        Numbers.all(connection, Condition.of("SELECT 1 FROM pg_advisory_xact_lock(" + MIGRATION_LOCK + ")"));
        if (Numbers.all(connection, Condition.of("SELECT 1 FROM pg_namespace WHERE nspname = ?", options.schema()))
                .isEmpty()) {
            // The name was checked, and cannot be a parameter here.
            command(connection, "CREATE SCHEMA " + options.schema());
        }
        int version = version(connection);
        if (version > SCHEMA.version()) {
            throw ActivityStoreException.unusable(
                    "The schema " + options.schema() + " was written by a newer AgentHub (version " + version
                            + ", this one knows " + SCHEMA.version() + "); update, or name another schema",
                    null);
        }
        if (version < SCHEMA.version()) {
            migrate(connection, version);
        }
    }

    private int version(Connection connection) throws SQLException {
        boolean empty = Numbers.all(
                        connection,
                        Condition.of(
                                "SELECT 1 FROM pg_tables WHERE schemaname = ? AND tablename = 'store'",
                                options.schema()))
                .isEmpty();
        return empty
                ? 0
                : (int) Numbers.one(connection, Condition.of("SELECT version FROM store"))
                        .orElse(0);
    }

    private void migrate(Connection connection, int version) throws SQLException {
        SCHEMA.migrate(connection, version);
        if (version == 0) {
            byte[] key = new byte[KEY_BYTES];
            new SecureRandom().nextBytes(key);
            try (PreparedStatement insert = connection.prepareStatement(
                    "INSERT INTO store (version, key) VALUES (" + SCHEMA.version() + ", ?)")) {
                insert.setBytes(1, key);
                insert.executeUpdate();
            }
            Names.begin(connection);
            ChainRow.begin(Entry.micros(scheduler.now()), key(connection)).insert(connection);
        } else {
            command(connection, "UPDATE store SET version = " + SCHEMA.version());
        }
        LOG.atInfo()
                .addKeyValue("database", options.place())
                .addKeyValue("schema", options.schema())
                .addKeyValue("version", SCHEMA.version())
                .log(version == 0 ? "Activity store created" : "Activity store migrated");
    }

    private static void command(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    @Override
    public Connection connectReader() throws SQLException {
        Connection connection = connect(options.store().queryTimeout().plus(LONGEST_CONNECT));
        try {
            connection.setReadOnly(true);
            // All parts of an answer come from one moment.
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setAutoCommit(false);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    @Override
    public Watch abortWhen(Connection reader, BooleanSupplier condition) throws SQLException {
        long process =
                Numbers.one(reader, Condition.of("SELECT pg_backend_pid()")).orElseThrow();
        PostgresWatch watch = new PostgresWatch(() -> cancel(process), condition, scheduler);
        watch.begin();
        return watch;
    }

    private void cancel(long process) {
        try (Connection other = connect(LONGEST_CONNECT)) {
            Numbers.all(other, Condition.of("SELECT 1 FROM pg_cancel_backend(" + process + ")"));
        } catch (SQLException e) {
            LOG.atDebug().setCause(e).log("A query of the activity store could not be cancelled");
        }
    }

    @Override
    public void begin(Connection writer) throws SQLException {
        writer.setAutoCommit(false);
    }

    @Override
    public void commit(Connection writer) throws SQLException {
        writer.commit();
        writer.setAutoCommit(true);
    }

    @Override
    public void rollback(Connection writer) throws SQLException {
        if (!writer.getAutoCommit()) {
            writer.rollback();
            writer.setAutoCommit(true);
        }
    }

    @Override
    public boolean isAlone() {
        return false;
    }

    @Override
    public String lockClause() {
        return " FOR UPDATE";
    }

    /** Only ASCII letters are alike in both cases, whatever the database's locale says. */
    @Override
    public String containsText() {
        return "translate(text, '" + UPPER + "', '" + UPPER.toLowerCase(Locale.ROOT) + "') LIKE ? ESCAPE '\\'";
    }

    @Override
    public String pattern(String part) {
        StringBuilder pattern = new StringBuilder(part.length() + 2).append('%');
        for (int i = 0; i < part.length(); i++) {
            char c = part.charAt(i);
            if (c == '\\' || c == '%' || c == '_') {
                pattern.append('\\');
            }
            pattern.append(c >= 'A' && c <= 'Z' ? (char) (c + 'a' - 'A') : c);
        }
        return Texts.cleaned(pattern.append('%').toString());
    }

    @Override
    public Trouble trouble(SQLException failure) {
        String state = String.valueOf(failure.getSQLState());
        boolean passing =
                state.startsWith("40") || state.startsWith("53") || state.equals("55P03") || state.equals("57014");
        return passing ? Trouble.PASSING : Trouble.DISCONNECTED;
    }

    /** Looking after its files is the server's business. */
    @Override
    public boolean isDamaged() {
        return false;
    }

    @Override
    public Optional<String> setAside() {
        return Optional.empty();
    }

    /**
     * An estimate from the oldest and the newest: what deleted activities took is free for new ones, but counts as used for the
     * server until it gets round to it.
     */
    @Override
    public long usedBytes(Connection writer) throws SQLException {
        ChainRow chain = ChainRow.read(writer);
        long count = chain.head() - chain.anchor();
        OptionalLong average = Numbers.one(writer, Condition.of(AVERAGE));
        return PAGE_BYTES + count * (average.orElse(0) + OVERHEAD_BYTES);
    }

    /** The server's own vacuum does that. */
    @Override
    public boolean giveBack(Connection writer) {
        return false;
    }

    /** The server has a process of its own for that. */
    @Override
    public void settle(Connection writer) {}

    @Override
    public byte[] key(Connection connection) throws SQLException {
        if (options.keyFile().isPresent()) {
            return key(options.keyFile().get());
        }
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT key FROM store")) {
            if (!row.next()) {
                throw new SQLException("the table 'store' is empty", "XX000");
            }
            return row.getBytes(1);
        }
    }

    private static byte[] key(Path file) {
        try {
            byte[] key = Files.readAllBytes(file);
            if (key.length != KEY_BYTES) {
                throw ActivityStoreException.unusable(file + " is not a key of " + KEY_BYTES + " bytes", null);
            }
            return key;
        } catch (IOException e) {
            throw ActivityStoreException.unusable("The key of the activity store cannot be read: " + e, e);
        }
    }

    @Override
    public Heads heads() {
        return heads;
    }

    @Override
    public void release() {
        // Nothing is held but connections.
    }
}
