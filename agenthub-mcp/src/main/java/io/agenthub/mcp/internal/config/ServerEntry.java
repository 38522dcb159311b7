package io.agenthub.mcp.internal.config;

import io.agenthub.api.Settings;
import io.agenthub.api.server.RestartPolicy;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.api.server.StartMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** One server as a client wrote it, and what it means here. */
final class ServerEntry {
    /*
     * Keys that clients document for their own use and that change nothing about the server itself are passed over:
     * approval of tools (autoApprove, alwaysAllow), presentation (description, version, gallery, icon), the editor's
     * debugger (dev), and the package name of the earlier Python hub. "timeout" is passed over too: clients disagree on its
     * unit; here it is agenthub.callTimeout. Anything else that is not known is a mistake.
     */
    private static final List<String> PASSED_OVER = List.of(
            "autoApprove", "alwaysAllow", "description", "version", "gallery", "icon", "dev", "timeout", "package");
    private static final List<String> READ =
            List.of("command", "args", "env", "envFile", "cwd", "url", "headers", "type", "disabled", "agenthub");
    private static final List<String> EARLIER_HUB =
            List.of("transport", "auto_start", "restart_on_failure", "max_restarts", "health_check_interval");
    private static final List<String> KEYS =
            Stream.of(READ, PASSED_OVER, EARLIER_HUB).flatMap(List::stream).toList();
    private static final List<String> HTTP_TYPES =
            List.of("http", "sse", "streamable-http", "streamableHttp", "streamable_http");

    private final String name;
    private final Settings written;
    private final Variables variables;
    private final Path folder;

    ServerEntry(String name, Settings written, Variables variables, Path folder) {
        this.name = name;
        this.written = written;
        this.variables = variables;
        this.folder = folder;
    }

    /** The spec, or nothing if the server is switched off. */
    Optional<ServerSpec> spec() {
        written.allowOnly(KEYS);
        if (written.flag("disabled").orElse(false)) {
            return Optional.empty();
        }
        boolean command = written.keys().contains("command");
        boolean url = written.keys().contains("url");
        if (command == url) {
            throw written.error(
                    command ? "url" : "command",
                    command ? "stands beside 'command'; a server has one of them" : "is required, or else 'url'");
        }
        Settings block = written.section("agenthub");
        ServerSpec.Builder spec = ServerSpec.builder(name, command ? "stdio" : "http");
        earlierHub(spec);
        if (written.keys().contains("agenthub")) {
            ServerPolicies.apply(block, spec);
            absent(block, command ? ServerPolicies.WEB_KEYS : ServerPolicies.PROCESS_KEYS, command ? "url" : "command");
        }
        Map<String, Object> settings = command ? processSettings() : webSettings();
        for (String key : ServerPolicies.BRIDGE_KEYS) {
            Object value = block.asMap().get(key);
            if (value != null) {
                settings.put(key, key.equals("wrapper") ? expanded(block, key, block.strings(key)) : value);
            }
        }
        spec.settings(written.holding(settings)
                .taken(ServerPolicies.BRIDGE_KEYS, block)
                .taken(List.of("enhance"), block));
        return Optional.of(ServerPolicies.checked(written, spec::build));
    }

    private Map<String, Object> processSettings() {
        type(List.of("stdio"));
        absent(written, List.of("headers"), "url");
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("command", variables.expand(written, "command", written.requiredString("command")));
        settings.put("args", expanded(written, "args", written.strings("args")));
        settings.put("env", environment());
        written.string("cwd")
                .map(cwd -> variables.expand(written, "cwd", cwd))
                .ifPresent(cwd -> settings.put("cwd", cwd));
        return settings;
    }

    private Map<String, Object> webSettings() {
        String type = type(HTTP_TYPES);
        absent(written, List.of("args", "env", "envFile", "cwd"), "command");
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("url", variables.expand(written, "url", written.requiredString("url")));
        settings.put("type", type.equals("sse") ? "sse" : "http");
        Map<String, Object> headers = new LinkedHashMap<>();
        written.stringMap("headers")
                .forEach((header, value) -> headers.put(header, variables.expand(written, "headers." + header, value)));
        settings.put("headers", headers);
        return settings;
    }

    private String type(List<String> allowed) {
        String key = written.keys().contains("transport") ? "transport" : "type";
        String type = written.string(key).orElse(allowed.get(0));
        if (!allowed.contains(type)) {
            throw written.error(key, "is '" + type + "', must be one of " + allowed + " here");
        }
        return type;
    }

    private static void absent(Settings place, List<String> keys, String where) {
        for (String key : keys) {
            if (place.keys().contains(key)) {
                throw place.error(key, "is only for servers with '" + where + "'");
            }
        }
    }

    private List<String> expanded(Settings settings, String key, List<String> words) {
        List<String> expanded = new ArrayList<>();
        words.forEach(word -> expanded.add(variables.expand(settings, key, word)));
        return expanded;
    }

    /** Variables from the named file, then those written here; numbers and booleans as editors allow them. */
    private Map<String, String> environment() {
        Map<String, String> environment = new LinkedHashMap<>();
        written.string("envFile")
                .map(file -> folder.resolve(variables.expand(written, "envFile", file)))
                .ifPresent(file -> environment.putAll(EnvFile.read(written, file)));
        written.section("env").asMap().forEach((variable, value) -> {
            String key = "env." + variable;
            if (value instanceof Map || value instanceof List) {
                throw written.error(key, "must be a string");
            }
            environment.put(variable, variables.expand(written, key, String.valueOf(value)));
        });
        return environment;
    }

    /** What the earlier Python hub called these things; the agenthub block wins. */
    private void earlierHub(ServerSpec.Builder spec) {
        written.flag("auto_start").ifPresent(eager -> spec.start(eager ? StartMode.EAGER : StartMode.ON_DEMAND));
        written.duration("health_check_interval").ifPresent(spec::healthInterval);
        boolean restarts = written.flag("restart_on_failure").orElse(true);
        RestartPolicy usual = RestartPolicy.DEFAULT;
        int exits = (int) written.integer("max_restarts", 0, 1_000_000).orElse(usual.maxExits());
        spec.restart(new RestartPolicy(
                usual.initialDelay(),
                usual.maxDelay(),
                usual.multiplier(),
                usual.jitter(),
                restarts ? exits : 0,
                usual.window(),
                restarts ? usual.probeInterval() : Duration.ZERO));
    }
}
