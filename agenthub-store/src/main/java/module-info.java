/** The activity store: every call and event, durable, queryable and tamper-evident, in SQLite. */
module io.agenthub.store {
    requires transitive io.agenthub.api;
    requires java.sql;
    requires org.slf4j;
    requires org.xerial.sqlitejdbc;
    requires static org.jspecify;

    exports io.agenthub.store;

    provides io.agenthub.api.spi.ActivityStoreProvider with
            io.agenthub.store.SqliteActivityStoreProvider;
}
