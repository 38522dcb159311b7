package io.agenthub.core.internal.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.ConfigurationException;
import io.agenthub.api.Settings;
import io.agenthub.api.enhance.Enhancer;
import io.agenthub.api.spi.EnhancerProvider;
import io.agenthub.api.spi.ProviderContext;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProvidersTest {
    @TempDir
    Path folder;

    /** A provider called {@code twin}. */
    public static class Twin implements EnhancerProvider {
        @Override
        public String name() {
            return "twin";
        }

        @Override
        public Enhancer create(Settings settings, ProviderContext context) {
            throw new UnsupportedOperationException("never created here");
        }
    }

    /** Another provider called {@code twin}. */
    public static final class OtherTwin extends Twin {}

    /** A provider that cannot be made. */
    public static final class Broken extends Twin {
        public Broken() {
            throw new IllegalStateException("no licence");
        }
    }

    private Providers<EnhancerProvider> load(List<EnhancerProvider> given, Class<?>... services) throws IOException {
        Path file = folder.resolve("META-INF/services/" + EnhancerProvider.class.getName());
        Files.createDirectories(file.getParent());
        Files.write(file, List.of(services).stream().map(Class::getName).toList());
        ClassLoader loader = new URLClassLoader(
                new URL[] {folder.toUri().toURL()}, getClass().getClassLoader());
        return Providers.load("enhancer", ServiceLoader.load(EnhancerProvider.class, loader), given);
    }

    @Test
    void aProviderIsFoundByItsExactName() throws IOException {
        assertEquals(
                Twin.class, load(List.of(), Twin.class).get("twin", "enhancer").getClass());
        ConfigurationException unknown = assertThrows(
                ConfigurationException.class, () -> load(List.of(), Twin.class).get("Twin", "agenthub.enhancer"));
        assertEquals("agenthub.enhancer", unknown.path());
        assertTrue(unknown.getMessage().contains("known: none, twin"), unknown.getMessage());
    }

    @Test
    void twoOfOneNameAreAnErrorThatNamesBothClasses() {
        ConfigurationException failure =
                assertThrows(ConfigurationException.class, () -> load(List.of(), Twin.class, OtherTwin.class));
        assertTrue(failure.getMessage().contains(Twin.class.getName()), failure.getMessage());
        assertTrue(failure.getMessage().contains(OtherTwin.class.getName()), failure.getMessage());
    }

    @Test
    void aProviderThatCannotBeMadeIsSkipped() throws IOException {
        assertEquals(
                List.of("none", "twin"),
                load(List.of(), Broken.class, Twin.class).names());
    }

    @Test
    void aProviderHandedOverWins() throws IOException {
        Twin own = new Twin();
        assertSame(own, load(List.of(own), OtherTwin.class).get("twin", "enhancer"));
    }
}
