package io.agenthub.store;

import io.agenthub.api.Settings;
import io.agenthub.api.activity.ActivityStore;
import io.agenthub.api.activity.ActivityStoreException;
import io.agenthub.api.spi.ActivityStoreProvider;
import io.agenthub.api.spi.ProviderContext;
import java.nio.file.Path;
import java.sql.Driver;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * Makes activity stores in PostgreSQL, the provider {@code postgresql}: for several hubs that share one record. It needs {@code
 * org.postgresql:postgresql} on the class path, which this module does not bring along.
 *
 * <p>Settings: {@code url} (required), {@code user}, {@code password}, {@code schema} (default {@code agenthub}), {@code keyFile},
 * {@code headsFile}, and those of {@link StoreOptions} as {@link SqliteActivityStoreProvider} has them.
 */
public final class PostgresActivityStoreProvider implements ActivityStoreProvider {
    private static final String DRIVER = "org.postgresql.Driver";
    private static final String MISSING =
            "needs the driver, which is not there: add org.postgresql:postgresql to the class path";

    /** For {@link java.util.ServiceLoader}. */
    public PostgresActivityStoreProvider() {}

    @Override
    public String name() {
        return "postgresql";
    }

    @Override
    public ActivityStore create(Settings settings, ProviderContext context) {
        settings.allowOnly(StoreSettings.with("url", "user", "password", "schema", "keyFile", "headsFile"));
        String url = settings.string("url").orElseThrow(() -> settings.error("url", "is required"));
        if (driver().isEmpty()) {
            throw settings.error("url", MISSING);
        }
        StoreOptions store = StoreSettings.read(settings);
        return create(
                StoreSettings.checked(
                        settings,
                        () -> new PostgresOptions(
                                url,
                                settings.string("user"),
                                settings.string("password"),
                                settings.string("schema").orElse(PostgresOptions.DEFAULT_SCHEMA),
                                file(settings, "keyFile"),
                                file(settings, "headsFile"),
                                store)),
                context);
    }

    private static Optional<Path> file(Settings settings, String key) {
        return settings.string(key).map(Path::of);
    }

    /** Only the one driver is made, whatever others there are. */
    private static Optional<Driver> driver() {
        return ServiceLoader.load(Driver.class, PostgresActivityStoreProvider.class.getClassLoader()).stream()
                .filter(driver -> driver.type().getName().equals(DRIVER))
                .map(ServiceLoader.Provider::get)
                .findFirst();
    }

    /**
     * Makes a store from options.
     *
     * @param options where and how activities are kept
     * @param context time, and where stages complete
     * @return the store, to be opened
     * @throws ActivityStoreException if the driver is not there
     */
    public static ActivityStore create(PostgresOptions options, ProviderContext context) {
        Driver driver =
                driver().orElseThrow(() -> ActivityStoreException.unusable("The store in PostgreSQL " + MISSING, null));
        return new ActivityLog(new PostgresDatabase(driver, options, context.scheduler()), options.store(), context);
    }
}
