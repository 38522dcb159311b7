package io.agenthub.store;

import io.agenthub.api.activity.ActivityStore;
import io.agenthub.api.activity.Retention;
import io.agenthub.tck.ActivityStoreQueryTck;
import io.agenthub.tck.TckContext;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;

/** The store in SQLite answers queries as the contract says. */
class SqliteActivityStoreQueryTest extends ActivityStoreQueryTck {
    private final TckContext context = TckContext.real();

    @TempDir
    static Path folder;

    private int stores;

    @Override
    protected ActivityStore newStore() {
        StoreOptions keepsAll =
                StoreOptions.builder().retention(Retention.FOREVER).build();
        return SqliteActivityStoreProvider.create(
                SqliteOptions.of(folder.resolve("activity-" + stores++ + ".db")).store(keepsAll), context);
    }

    @AfterAll
    void end() {
        context.close();
    }
}
