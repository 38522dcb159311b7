package io.agenthub.store;

import io.agenthub.api.Scheduler;
import io.agenthub.api.activity.ActivityStoreException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.ProgressHandler;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.sqlite.SQLiteOpenMode;
import org.sqlite.jdbc4.JDBC4Connection;

/**
 * One SQLite file, locked for this process. Write-ahead logging, so that readers do not wait for the writer; no memory mapping,
 * which would turn an error of the disk into a crash.
 */
final class SqliteDatabase implements Database {
    private static final Logger LOG = LoggerFactory.getLogger(SqliteDatabase.class);
    private static final Schema SCHEMA = new Schema("sqlite", 9, 7);
    /** "AgHb", which makes the file recognisable. */
    private static final int APPLICATION = 0x41674862;

    /** For each connection; a negative number is one of kibibytes. The system keeps what more there is of the file. */
    private static final int CACHE_KIBIBYTES = -4_000;

    private static final int BUSY_MILLIS = 1_000;
    private static final int STEPS_BETWEEN_CHECKS = 20_000;
    /** How much is given back after a step of retention: about as much as a step sets free. */
    private static final int PAGES_GIVEN_BACK = 128;

    /** Files up to here are checked as a whole at the start, which takes less than half a second. */
    private static final long CHECKED_BYTES = 32L * 1_024 * 1_024;

    private final SqliteOptions options;
    private final Scheduler scheduler;
    private final StoreFiles files;
    private final Heads heads;
    private boolean acquired;

    SqliteDatabase(SqliteOptions options, Scheduler scheduler) {
        this.options = options;
        this.scheduler = scheduler;
        var headsFile = options.heads()
                .orElseGet(() -> options.file().resolveSibling(options.file().getFileName() + ".heads"));
        this.files = new StoreFiles(options.file(), headsFile);
        this.heads = new Heads(headsFile);
    }

    /** Does what the first connection of a JVM takes longest for: loads the library, and the calendars that the driver wants. */
    static void prepareDriver() {
        SqliteLibrary.load();
        config();
    }

    @Override
    public Connection connectWriter() throws SQLException {
        boolean first = !acquired;
        if (first) {
            files.acquire();
            acquired = true;
        }
        SQLiteConfig config = config();
        Connection connection = open(config);
        try {
            refuseOthers(connection);
            files.protect();
            // Whether a file can shrink is decided before anything is written to it.
            command(connection, "PRAGMA auto_vacuum = INCREMENTAL");
            command(connection, "PRAGMA journal_mode = WAL");
            command(connection, "PRAGMA synchronous = " + options.durability());
            command(connection, "PRAGMA journal_size_limit = " + CHECKED_BYTES);
            prepare(connection, first);
            return connection;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private static void command(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private Connection open(SQLiteConfig config) throws SQLException {
        SqliteLibrary.load();
        // Not by the driver: it would register itself with the JVM for good, and its class loader, the application's,
        // with it.
        String file = files.file().toString();
        return new JDBC4Connection("jdbc:sqlite:" + file, file, config.toProperties());
    }

    private static SQLiteConfig config() {
        SQLiteConfig config = new SQLiteConfig();
        // A connection belongs to one thread here, so SQLite need not lock it for each of the calls that write a row.
        config.setOpenMode(SQLiteOpenMode.NOMUTEX);
        config.setBusyTimeout(BUSY_MILLIS);
        // Else the driver looks the number of the row up after each that was written.
        config.setGetGeneratedKeys(false);
        config.setCacheSize(CACHE_KIBIBYTES);
        config.setPragma(SQLiteConfig.Pragma.MMAP_SIZE, "0");
        return config;
    }

    /** Before anything is changed in it. */
    private void refuseOthers(Connection connection) throws SQLException {
        int version = (int) pragma(connection, "user_version");
        if (!isEmpty(connection) && pragma(connection, "application_id") != APPLICATION) {
            throw ActivityStoreException.unusable(
                    files.file() + " is a database of another program; name another file", null);
        }
        if (version > SCHEMA.version()) {
            throw ActivityStoreException.unusable(
                    files.file() + " was written by a newer AgentHub (version " + version + ", this one knows "
                            + SCHEMA.version() + "); update, or name another file",
                    null);
        }
    }

    private static boolean isEmpty(Connection connection) throws SQLException {
        return pragma(connection, "schema_version") == 0;
    }

    private void prepare(Connection connection, boolean first) throws SQLException {
        int version = (int) pragma(connection, "user_version");
        boolean small = pragma(connection, "page_count") * pragma(connection, "page_size") <= CHECKED_BYTES;
        if (first && small && !isEmpty(connection)) {
            quickCheck(connection);
        }
        if (version < SCHEMA.version()) {
            migrate(connection, version);
        }
    }

    private void migrate(Connection connection, int version) throws SQLException {
        begin(connection);
        SCHEMA.migrate(connection, version);
        if (version == 0) {
            Names.begin(connection);
            ChainRow.begin(Entry.micros(scheduler.now()), key(connection)).insert(connection);
        }
        command(connection, "PRAGMA application_id = " + APPLICATION);
        command(connection, "PRAGMA user_version = " + SCHEMA.version());
        commit(connection);
        LOG.atInfo()
                .addKeyValue("file", files.file())
                .addKeyValue("version", SCHEMA.version())
                .log(version == 0 ? "Activity store created" : "Activity store migrated");
    }

    private static void quickCheck(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("PRAGMA quick_check(1)")) {
            String finding = row.next() ? row.getString(1) : "nothing";
            if (!finding.equals("ok")) {
                throw new SQLiteException("quick_check found: " + finding, SQLiteErrorCode.SQLITE_CORRUPT);
            }
        }
    }

    @Override
    public Connection connectReader() throws SQLException {
        SQLiteConfig config = config();
        config.setReadOnly(true);
        Connection connection = open(config);
        connection.setAutoCommit(false);
        return connection;
    }

    @Override
    public Watch abortWhen(Connection reader, BooleanSupplier condition) throws SQLException {
        ProgressHandler.setHandler(reader, STEPS_BETWEEN_CHECKS, new ProgressHandler() {
            @Override
            protected int progress() {
                return condition.getAsBoolean() ? 1 : 0;
            }
        });
        return () -> true;
    }

    // By hand: between two transactions the driver would begin the next at once, and hold the lock.
    @Override
    public void begin(Connection writer) throws SQLException {
        command(writer, "BEGIN IMMEDIATE");
    }

    @Override
    public void commit(Connection writer) throws SQLException {
        command(writer, "COMMIT");
    }

    @Override
    public void rollback(Connection writer) throws SQLException {
        command(writer, "ROLLBACK");
    }

    @Override
    public boolean isAlone() {
        return true;
    }

    @Override
    public String lockClause() {
        return "";
    }

    @Override
    public String containsText() {
        return "text LIKE ? ESCAPE '\\'";
    }

    @Override
    public String pattern(String part) {
        return "%" + part.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%";
    }

    @Override
    public Trouble trouble(SQLException failure) {
        if (!(failure instanceof SQLiteException sqlite)) {
            return failure.getMessage() != null
                            && failure.getMessage().toLowerCase(Locale.ROOT).contains("closed")
                    ? Trouble.DISCONNECTED
                    : Trouble.PASSING;
        }
        return switch (SQLiteErrorCode.getErrorCode(sqlite.getResultCode().code & 0xff)) {
            case SQLITE_CORRUPT, SQLITE_NOTADB -> Trouble.DAMAGED;
            case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_FULL, SQLITE_INTERRUPT -> Trouble.PASSING;
            default -> Trouble.DISCONNECTED;
        };
    }

    @Override
    public boolean isDamaged() {
        try (Connection connection = open(config())) {
            quickCheck(connection);
            return false;
        } catch (SQLException e) {
            return trouble(e) == Trouble.DAMAGED;
        }
    }

    @Override
    public Optional<String> setAside() {
        try {
            String place = files.setAside(scheduler.now()).toString();
            heads.forget();
            return Optional.of(place);
        } catch (IOException e) {
            LOG.atError().setCause(e).log("The damaged activity store could not be put aside");
            return Optional.empty();
        }
    }

    @Override
    public long usedBytes(Connection writer) throws SQLException {
        return (pragma(writer, "page_count") - pragma(writer, "freelist_count")) * pragma(writer, "page_size");
    }

    @Override
    public boolean giveBack(Connection writer) throws SQLException {
        try (Statement statement = writer.createStatement()) {
            // Not execute(), which would give back one page.
            statement.executeUpdate("PRAGMA incremental_vacuum(" + PAGES_GIVEN_BACK + ")");
        }
        return pragma(writer, "freelist_count") > pragma(writer, "page_count") / 16;
    }

    /** Otherwise the commit that makes the log long enough would carry all of it over. */
    @Override
    public void settle(Connection writer) throws SQLException {
        command(writer, "PRAGMA wal_checkpoint(PASSIVE)");
    }

    private static long pragma(Connection connection, String name) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("PRAGMA " + name)) {
            row.next();
            return row.getLong(1);
        }
    }

    @Override
    public byte[] key(Connection writer) throws SQLException {
        try {
            return files.key();
        } catch (IOException e) {
            throw ActivityStoreException.unusable("The key of the activity store cannot be used: " + e.getMessage(), e);
        }
    }

    @Override
    public Heads heads() {
        return heads;
    }

    @Override
    public void release() {
        try {
            files.release();
        } catch (IOException e) {
            LOG.atWarn().setCause(e).log("The lock of the activity store could not be released");
        }
    }
}
