package io.agenthub.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.ConfigurationException;
import io.agenthub.api.Settings;
import io.agenthub.api.activity.ActivityStore;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.spi.ActivityStoreProvider;
import io.agenthub.tck.Await;
import io.agenthub.tck.TckContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@UsesPostgres
class PostgresActivityStoreProviderTest {
    private final TckContext context = TckContext.real();
    private final PostgresOptions options;

    @TempDir
    private Path folder;

    PostgresActivityStoreProviderTest(PostgresServer server) {
        options = server.options();
    }

    @AfterEach
    void end() {
        context.close();
    }

    private static ActivityStoreProvider provider() {
        return ServiceLoader.load(ActivityStoreProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.name().equals("postgresql"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void everySettingIsUnderstood() throws Exception {
        Path key = Files.write(folder.resolve("key"), new byte[32]);
        Path heads = folder.resolve("heads");
        Settings settings = Settings.of(
                "activity",
                Map.of(
                        "url",
                        options.url(),
                        "user",
                        "agenthub",
                        "password",
                        "any",
                        "schema",
                        options.schema(),
                        "keyFile",
                        key.toString(),
                        "headsFile",
                        heads.toString(),
                        "bodies",
                        true));
        ActivityStore store = provider().create(settings, context);
        Await.value(store.open());
        StoreHarness.append(
                store, StoreHarness.call().request(JsonText.of("{\"a\":1}")).build());
        assertTrue(StoreHarness.newest(store).get(0).request().isPresent());
        StoreHarness.close(store);
        assertEquals(1, Files.readAllLines(heads).size());
    }

    @ParameterizedTest
    @CsvSource({
        "url, mysql://host/db, activity.url",
        "schema, No Name, activity.schema",
        "schema, 'x; DROP TABLE activity', activity.schema",
        "colour, red, activity.colour"
    })
    void whatCannotBeUsedIsNamed(String setting, String value, String named) {
        Map<String, Object> settings = new java.util.HashMap<>(Map.of("url", options.url()));
        settings.put(setting, value);
        ConfigurationException refusal = assertThrows(
                ConfigurationException.class, () -> provider().create(Settings.of("activity", settings), context));
        assertTrue(String.valueOf(refusal.getMessage()).contains(named), refusal.getMessage());
    }

    @Test
    void theUrlIsRequired() {
        ConfigurationException refusal = assertThrows(
                ConfigurationException.class, () -> provider().create(Settings.empty("activity"), context));
        assertTrue(String.valueOf(refusal.getMessage()).contains("activity.url"), refusal.getMessage());
    }
}
