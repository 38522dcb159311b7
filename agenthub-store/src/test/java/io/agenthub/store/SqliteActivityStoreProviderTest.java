package io.agenthub.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.ConfigurationException;
import io.agenthub.api.Settings;
import io.agenthub.api.activity.Activity;
import io.agenthub.api.activity.ActivityStore;
import io.agenthub.api.activity.Retention;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.spi.ActivityStoreProvider;
import io.agenthub.tck.Await;
import io.agenthub.tck.TckContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.ServiceLoader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqliteActivityStoreProviderTest {
    private final TckContext context = TckContext.real();

    @TempDir
    private Path folder;

    @AfterEach
    void end() {
        context.close();
    }

    private ActivityStoreProvider provider() {
        return ServiceLoader.load(ActivityStoreProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.name().equals("sqlite"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void withoutSettingsItKeepsAFileInTheDataFolder() {
        ActivityStore store = provider().create(Settings.empty("activity"), context.dataDirectory(folder));
        Await.value(store.open());
        store.close();
        assertTrue(Files.exists(folder.resolve("activity.db")));
    }

    @Test
    void everySettingIsUnderstood() {
        Path file = folder.resolve("own.db");
        Settings settings = Settings.of(
                "activity",
                Map.ofEntries(
                        Map.entry("file", file.toString()),
                        Map.entry("durability", "normal"),
                        Map.entry("headsFile", folder.resolve("heads").toString()),
                        Map.entry("maxQueued", 1_000),
                        Map.entry("retentionAge", "7d"),
                        Map.entry("retentionBytes", "64MiB"),
                        Map.entry("bodies", true),
                        Map.entry("maxBodyBytes", "4KiB"),
                        Map.entry("redactKeys", List.of("iban")),
                        Map.entry("redactPatterns", List.of("DE\\d{20}")),
                        Map.entry("readers", 1),
                        Map.entry("maxQueuedQueries", 10),
                        Map.entry("commitInterval", "20ms"),
                        Map.entry("linger", "1s"),
                        Map.entry("queryTimeout", "5s"),
                        Map.entry("writeTimeout", "10s"),
                        Map.entry("closeTimeout", "5s")));
        ActivityStore store = provider().create(settings, context);
        assertEquals(
                new Retention(Optional.of(Duration.ofDays(7)), OptionalLong.of(64L * 1_024 * 1_024)),
                store.retention());
        Await.value(store.open());
        Activity call = StoreHarness.call()
                .request(JsonText.of("{\"password\":\"a\",\"iban\":\"b\",\"c\":\"DE01234567890123456789\"}"))
                .build();
        StoreHarness.append(store, call);
        assertEquals(
                "{\"password\":\"[redacted]\",\"iban\":\"[redacted]\",\"c\":\"[redacted]\"}",
                StoreHarness.newest(store).get(0).request().orElseThrow().toString());
        store.close();
        assertTrue(Files.exists(file) && Files.exists(folder.resolve("heads")));
    }

    @Test
    void zeroMeansNoBoundOfRetention() {
        StoreOptions options =
                StoreSettings.read(Settings.of("activity", Map.of("retentionAge", 0, "retentionBytes", 0)));
        assertTrue(options.retention().age().isEmpty()
                && options.retention().bytes().isEmpty());
        StoreOptions defaults = StoreSettings.read(Settings.empty("activity"));
        assertEquals(StoreOptions.DEFAULT.retention(), defaults.retention());
        assertEquals(Duration.ofSeconds(30), defaults.writeTimeout());
    }

    @ParameterizedTest
    @CsvSource({
        "durabilty,full,durabilty",
        "durability,half,durability",
        "maxQueued,3,maxQueued",
        "retentionAge,soon,retentionAge",
        "bodies,maybe,bodies",
        "maxBodyBytes,3B,maxBodyBytes",
        "redactPatterns,(,redactPatterns",
        "readers,0,readers",
        "commitInterval,2s,commitInterval",
        "linger,11s,linger",
        "queryTimeout,1ms,queryTimeout"
    })
    void aWrongSettingIsNamed(String key, String value, String named) {
        Object written =
                key.equals("redactPatterns") ? List.of(value) : value.matches("\\d+") ? Long.valueOf(value) : value;
        ConfigurationException refusal = assertThrows(
                ConfigurationException.class,
                () -> provider().create(Settings.of("activity", Map.of(key, written)), context.dataDirectory(folder)));
        assertEquals("activity." + named, refusal.path());
    }

    @Test
    void withoutADataFolderAFileIsRequired() {
        ConfigurationException refusal = assertThrows(
                ConfigurationException.class, () -> provider().create(Settings.empty("activity"), context));
        assertEquals("activity.file", refusal.path());
    }
}
