/** The activity store: every call and event, durable, queryable and tamper-evident, in SQLite or PostgreSQL. */
module io.agenthub.store {
    requires transitive io.agenthub.api;
    requires java.sql;
    requires org.slf4j;
    requires org.xerial.sqlitejdbc;
    requires static org.jspecify;

    exports io.agenthub.store;

    // PostgreSQL's, which those bring who use it.
    uses java.sql.Driver;

    provides io.agenthub.api.spi.ActivityStoreProvider with
            io.agenthub.store.SqliteActivityStoreProvider,
            io.agenthub.store.PostgresActivityStoreProvider;
}
