package io.agenthub.store;

import io.agenthub.api.Settings;
import io.agenthub.api.activity.ActivityStore;
import io.agenthub.api.spi.ActivityStoreProvider;
import io.agenthub.api.spi.ProviderContext;
import io.agenthub.store.SqliteOptions.Durability;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Makes activity stores in SQLite, the provider {@code sqlite}: one file, no server, one hub per file.
 *
 * <p>Settings, all optional: {@code file} (default {@code activity.db} in the hub's data folder), {@code durability} ({@code
 * full} or {@code normal}), {@code headsFile}, and those of {@link StoreOptions}: {@code maxQueued}, {@code retentionAge} and
 * {@code retentionBytes} (0 for no bound), {@code bodies}, {@code maxBodyBytes}, {@code redactKeys} and {@code redactPatterns}
 * (on top of the default ones), {@code readers}, {@code maxQueuedQueries}, {@code commitInterval}, {@code linger}, {@code
 * queryTimeout}, {@code writeTimeout}, {@code closeTimeout}.
 */
public final class SqliteActivityStoreProvider implements ActivityStoreProvider {

    /** For {@link java.util.ServiceLoader}. */
    public SqliteActivityStoreProvider() {}

    @Override
    public String name() {
        return "sqlite";
    }

    @Override
    public ActivityStore create(Settings settings, ProviderContext context) {
        settings.allowOnly(StoreSettings.with("file", "durability", "headsFile"));
        Path file = settings.string("file")
                .map(Path::of)
                .or(() -> context.dataDirectory().map(folder -> folder.resolve("activity.db")))
                .orElseThrow(() -> settings.error("file", "is required, since the hub has no data folder"));
        Optional<Path> heads = settings.string("headsFile").map(Path::of);
        return create(new SqliteOptions(file, durability(settings), heads, StoreSettings.read(settings)), context);
    }

    private static Durability durability(Settings settings) {
        String value = settings.string("durability").orElse("full");
        return switch (value) {
            case "full" -> Durability.FULL;
            case "normal" -> Durability.NORMAL;
            default -> throw settings.error("durability", "is '" + value + "', must be full or normal");
        };
    }

    /**
     * Makes a store from options.
     *
     * @param options where and how activities are kept
     * @param context time, and where stages complete
     * @return the store, to be opened
     */
    public static ActivityStore create(SqliteOptions options, ProviderContext context) {
        ActivityStore store =
                new ActivityLog(new SqliteDatabase(options, context.scheduler()), options.store(), context);
        // It takes longer than all that the hub does before it opens the store.
        new StoreThread(SqliteDatabase::prepareDriver, "driver").start();
        return store;
    }
}
