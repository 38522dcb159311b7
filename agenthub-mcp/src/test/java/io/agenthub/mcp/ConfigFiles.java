package io.agenthub.mcp;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.agenthub.api.ConfigurationException;
import io.agenthub.api.hub.HubConfig;
import io.agenthub.api.server.ServerSpec;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Configuration files in a folder of the test, as the provider reads them. */
final class ConfigFiles {
    private static final Map<String, String> VARIABLES =
            Map.of("GITHUB_TOKEN", "canary-token", "API_KEY", "canary-key", "SANDBOX", "/jail", "EMPTY", "");

    private final Path folder;

    ConfigFiles(Path folder) {
        this.folder = folder;
    }

    Path write(String name, String text) {
        try {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    HubConfig read(Path file) {
        return read(file, VARIABLES);
    }

    private static HubConfig read(Path file, Map<String, String> variables) {
        return new McpServersFileProvider().read(file, name -> Optional.ofNullable(variables.get(name)));
    }

    /** What {@code mcp.json} says if this is its text. */
    HubConfig text(String json) {
        return text(json, VARIABLES);
    }

    HubConfig text(String json, Map<String, String> variables) {
        return read(write("mcp.json", json), variables);
    }

    ConfigurationException refused(String json) {
        return assertThrows(ConfigurationException.class, () -> text(json));
    }

    HubConfig sample(String name) {
        return sample(name, name);
    }

    HubConfig sample(String resource, String as) {
        try (InputStream in = getClass().getResourceAsStream(resource)) {
            return read(write(as, new String(in.readAllBytes(), StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ServerSpec server(HubConfig config, String name) {
        return config.servers().stream()
                .filter(spec -> spec.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    static List<String> names(HubConfig config) {
        return config.servers().stream().map(ServerSpec::name).toList();
    }
}
