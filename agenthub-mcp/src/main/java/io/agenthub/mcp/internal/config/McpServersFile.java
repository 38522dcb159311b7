package io.agenthub.mcp.internal.config;

import io.agenthub.api.ConfigurationException;
import io.agenthub.api.Settings;
import io.agenthub.api.hub.HubConfig;
import io.agenthub.api.hub.PartChoice;
import io.agenthub.api.monitor.MonitorPolicy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A configuration file as MCP clients write it, with the hub's options beside the servers. */
public final class McpServersFile {
    /*
     * Beside the servers a client's own file holds what only that client reads: "inputs" and "$schema" (VS Code),
     * "globalShortcut" and "preferences" (Claude Desktop). Those are passed over; anything else is a mistake.
     */
    private static final List<String> KEYS =
            List.of("mcpServers", "servers", "agenthub", "inputs", "$schema", "globalShortcut", "preferences");
    private static final List<String> HUB_KEYS = List.of(
            "maxInFlight",
            "maxInFlightBytes",
            "drainTimeout",
            "supervisor",
            "enhancer",
            "enhancementCache",
            "activity",
            "monitor");
    private static final List<String> KNOWN =
            Stream.concat(HUB_KEYS.stream(), Stream.of("gateway")).toList();
    private static final long LARGEST = 4 << 20;
    private static final Logger log = LoggerFactory.getLogger(McpServersFile.class);

    private final Path file;
    private final Variables variables;

    /**
     * Names the file.
     *
     * @param file where it is
     * @param lookup values for <code>${NAME}</code>
     */
    public McpServersFile(Path file, Function<String, Optional<String>> lookup) {
        this.file = file.toAbsolutePath();
        this.variables = new Variables(lookup, folder());
    }

    private Path folder() {
        return Optional.ofNullable(file.getParent()).orElse(file);
    }

    /**
     * Reads it.
     *
     * @return what it says
     * @throws ConfigurationException if it cannot be read or is not understood
     */
    public HubConfig read() {
        JsonDocument document = JsonDocument.parse(String.valueOf(file.getFileName()), text());
        try {
            return config(Settings.of("", document.root()).readFrom(document::where));
        } catch (ConfigurationException e) {
            throw document.locate(e);
        }
    }

    private String text() {
        try {
            if (Files.size(file) > LARGEST) {
                throw new ConfigurationException(file.toString(), "is larger than 4 MiB");
            }
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
                    .toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (NoSuchFileException e) {
            throw new ConfigurationException(file.toString(), "does not exist");
        } catch (CharacterCodingException e) {
            throw new ConfigurationException(file.toString(), "is not UTF-8");
        } catch (IOException e) {
            throw new ConfigurationException(file.toString(), "cannot be read: " + e.getMessage(), e);
        }
    }

    private HubConfig config(Settings root) {
        root.allowOnly(KEYS);
        if (root.keys().contains("mcpServers") && root.keys().contains("servers")) {
            throw root.error("servers", "stands beside 'mcpServers'; put all servers into one of them");
        }
        HubConfig.Builder config = HubConfig.builder();
        servers(root, root.keys().contains("servers") ? "servers" : "mcpServers", config);
        Settings hub = root.section("agenthub");
        try {
            hub(hub, config);
            return config.build();
        } catch (ConfigurationException e) {
            // What a value object refuses it names without the block that it does not know of.
            throw e.path().startsWith(hub.path()) ? e : hub.error(e.path(), e.problem());
        }
    }

    private void servers(Settings root, String section, HubConfig.Builder config) {
        Settings servers = root.section(section);
        ServerNames names = new ServerNames(section);
        for (String written : servers.keys()) {
            String name = names.name(written);
            if (!name.equals(written)) {
                log.atInfo()
                        .addKeyValue("written", written)
                        .addKeyValue("server", name)
                        .log("The server is known by a name that can stand in a URL");
            }
            new ServerEntry(name, servers.section(written), variables, folder())
                    .spec()
                    .ifPresent(config::server);
        }
    }

    private static void hub(Settings hub, HubConfig.Builder config) {
        hub.integer("maxInFlight", 1, 1 << 30).ifPresent(most -> config.maxInFlight((int) most));
        hub.bytes("maxInFlightBytes").ifPresent(config::maxInFlightBytes);
        hub.duration("drainTimeout").ifPresent(config::drainTimeout);
        part(hub, "supervisor", config::supervisor);
        part(hub, "enhancer", config::enhancer);
        part(hub, "enhancementCache", config::enhancementCache);
        part(hub, "activity", config::activity);
        config.monitor(MonitorPolicy.from(hub.section("monitor")));
        for (String key : hub.keys()) {
            if (!HUB_KEYS.contains(key)) {
                section(hub, key, config);
            }
        }
    }

    /** Anything else that is an object is for another reader, unless it looks like a slip of the pen. */
    private static void section(Settings hub, String key, HubConfig.Builder config) {
        boolean object = hub.asMap().get(key) instanceof Map;
        if (!object || KNOWN.stream().anyMatch(known -> Spelling.isSlipOf(key, known))) {
            hub.holding(Map.of(key, "")).allowOnly(KNOWN);
        }
        config.section(key, hub.section(key));
    }

    /** A part is named by a string, or by an object whose {@code provider} is the name and whose rest is for the part. */
    private static void part(Settings hub, String key, Consumer<PartChoice> choice) {
        Object value = hub.asMap().get(key);
        if (value instanceof String name) {
            choice.accept(new PartChoice(name, hub.holding(Map.of()).section(key)));
        } else if (value != null) {
            Settings section = hub.section(key);
            Map<String, Object> rest = new LinkedHashMap<>(section.asMap());
            rest.remove("provider");
            choice.accept(new PartChoice(section.requiredString("provider"), section.holding(rest)));
        }
    }
}
