package io.agenthub.store;

import io.agenthub.api.activity.ActivityStore;
import io.agenthub.api.activity.Retention;
import io.agenthub.tck.ActivityStoreQueryTck;
import io.agenthub.tck.TckContext;
import org.junit.jupiter.api.AfterAll;

/** The store in PostgreSQL answers queries as the contract says. */
@UsesPostgres
class PostgresActivityStoreQueryTest extends ActivityStoreQueryTck {
    private final TckContext context = TckContext.real();
    private final PostgresServer server;

    PostgresActivityStoreQueryTest(PostgresServer server) {
        this.server = server;
    }

    @Override
    protected ActivityStore newStore() {
        StoreOptions keepsAll =
                StoreOptions.builder().retention(Retention.FOREVER).build();
        return PostgresActivityStoreProvider.create(server.options().store(keepsAll), context);
    }

    @AfterAll
    void end() {
        context.close();
    }
}
