package io.agenthub.mcp.internal.stdio;

import io.agenthub.api.ConfigurationException;
import io.agenthub.api.Settings;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.mcp.internal.era.EraPolicy;
import io.agenthub.mcp.internal.process.ChildEnvironment;
import io.agenthub.mcp.internal.process.LaunchSpec;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The settings of a server that is a child process, checked.
 *
 * @param launch what to start
 * @param era which era of MCP it is spoken to in
 * @param forwardRoots whether the server may learn a client's roots
 * @param transport how its pipes are driven: {@code auto}, {@code epoll} or {@code threads}
 */
record StdioSettings(LaunchSpec launch, EraPolicy era, boolean forwardRoots, String transport) {
    private static final List<String> KEYS = List.of(
            "type",
            "command",
            "args",
            "env",
            "cwd",
            "wrapper",
            "protocol",
            "roots",
            "inheritEnv",
            "allowEnv",
            "umask",
            "transport");

    /**
     * Reads and checks.
     *
     * @throws ConfigurationException if a setting is unknown, missing or wrong
     */
    static StdioSettings read(ServerSpec spec, Map<String, String> ours) {
        Settings settings = spec.settings();
        settings.allowOnly(KEYS);
        oneOf(settings, "type", "stdio");
        EraPolicy era = EraPolicy.of(settings);
        String command = settings.requiredString("command");
        List<String> wrapper = settings.strings("wrapper");
        List<String> args = settings.strings("args");
        oneLine(settings, "command", List.of(command));
        oneLine(settings, "wrapper", wrapper);
        oneLine(settings, "args", args);
        Map<String, String> declared = settings.stringMap("env");
        Map<String, String> environment = environment(settings, declared, ours);
        List<String> secrets = new ArrayList<>(declared.values());
        settings.strings("inheritEnv").forEach(name -> secrets.add(environment.getOrDefault(name, "")));
        LaunchSpec launch = new LaunchSpec(
                spec.name(), command, args, wrapper, environment, secrets, workingDirectory(settings), umask(settings));
        return new StdioSettings(
                launch,
                era,
                oneOf(settings, "roots", "refuse", "forward").equals("forward"),
                oneOf(settings, "transport", "auto", "epoll", "threads"));
    }

    private static String oneOf(Settings settings, String key, String... allowed) {
        String value = settings.string(key).orElse(allowed[0]);
        if (!List.of(allowed).contains(value)) {
            throw settings.error(key, "is '" + value + "', must be one of " + List.of(allowed));
        }
        return value;
    }

    /** An argument is passed as it is, but one with a line break in it is a mistake, or somebody's trick. */
    private static void oneLine(Settings settings, String key, List<String> words) {
        for (String word : words) {
            if (word.chars().anyMatch(c -> c == 0 || c == '\n' || c == '\r')) {
                throw settings.error(key, "must not hold a line break or a NUL character");
            }
        }
    }

    private static Map<String, String> environment(
            Settings settings, Map<String, String> declared, Map<String, String> ours) {
        List<String> inherited = settings.strings("inheritEnv");
        List<String> allowed = settings.strings("allowEnv");
        for (String name : inherited) {
            checkVariable(settings, "inheritEnv", name, allowed);
        }
        declared.forEach((name, value) -> {
            checkVariable(settings, "env." + name, name, allowed);
            if (value.indexOf(0) >= 0) {
                throw settings.error("env." + name, "must not hold a NUL character");
            }
        });
        Function<String, Optional<String>> lookup = name -> Optional.ofNullable(ours.get(name));
        return ChildEnvironment.build(lookup, ours.keySet(), inherited, declared);
    }

    private static void checkVariable(Settings settings, String key, String name, List<String> allowed) {
        if (name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf(0) >= 0) {
            throw settings.error(key, "is not the name of an environment variable");
        }
        if (ChildEnvironment.isLoader(name) && !allowed.contains(name)) {
            throw settings.error(
                    key,
                    name + " makes programs load other code; if that is meant, add it to \"allowEnv\" of this server");
        }
    }

    private static String umask(Settings settings) {
        String umask = settings.string("umask").orElse("077");
        if (!umask.matches("[0-7]{3,4}")) {
            throw settings.error("umask", "is '" + umask + "', must be three or four octal digits such as \"022\"");
        }
        return umask;
    }

    private static Optional<Path> workingDirectory(Settings settings) {
        try {
            return settings.string("cwd").map(Path::of).map(Path::toAbsolutePath);
        } catch (InvalidPathException e) {
            throw settings.error("cwd", "is not a path");
        }
    }
}
