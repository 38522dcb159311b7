package io.agenthub.store;

import io.agenthub.api.activity.ActivityStore;
import io.agenthub.api.activity.Retention;
import io.agenthub.tck.ActivityStoreQueryTck;
import io.agenthub.tck.TckContext;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** The store in SQLite answers queries as the contract says. */
class SqliteActivityStoreQueryTest extends ActivityStoreQueryTck {
    private final TckContext context = TckContext.real();

    @TempDir
    private Path folder;

    @Override
    protected ActivityStore newStore() {
        StoreOptions keepsAll =
                StoreOptions.builder().retention(Retention.FOREVER).build();
        return SqliteActivityStoreProvider.create(
                SqliteOptions.of(folder.resolve("activity.db")).store(keepsAll), context);
    }

    @AfterEach
    void end() {
        context.close();
    }
}
