package io.agenthub.mcp.internal.config;

import io.agenthub.api.Settings;
import io.agenthub.api.breaker.BreakerPolicy;
import io.agenthub.api.server.ProcessPolicy;
import io.agenthub.api.server.RestartPolicy;
import io.agenthub.api.server.ServerLimits;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.api.server.StartMode;
import io.agenthub.api.server.ToolPinning;
import io.agenthub.api.server.ToolPrompt;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The {@code agenthub} block of one server: how it is run, apart from what is run. */
final class ServerPolicies {
    /** What only a server that is a child process has. */
    static final List<String> PROCESS_KEYS = List.of("wrapper", "inheritEnv", "allowEnv", "umask", "transport");

    /** What only a server behind HTTP has. */
    static final List<String> WEB_KEYS = List.of("allowInsecure", "caFile", "maxConnections", "connectTimeout");

    /** What goes on to the bridge provider as it is. */
    static final List<String> BRIDGE_KEYS = Stream.of(List.of("protocol", "roots"), PROCESS_KEYS, WEB_KEYS)
            .flatMap(List::stream)
            .toList();

    private static final List<String> OWN_KEYS = List.of(
            "start",
            "startTimeout",
            "callTimeout",
            "healthInterval",
            "idleStop",
            "limits",
            "restart",
            "breaker",
            "process",
            "enhance",
            "toolPinning");

    private static final List<String> KEYS =
            Stream.concat(OWN_KEYS.stream(), BRIDGE_KEYS.stream()).toList();

    private ServerPolicies() {}

    /** Reads the block into a spec. */
    static void apply(Settings block, ServerSpec.Builder spec) {
        block.allowOnly(KEYS);
        block.string("start").ifPresent(mode -> spec.start(startMode(block, mode)));
        block.duration("startTimeout").ifPresent(spec::startTimeout);
        block.duration("callTimeout").ifPresent(spec::callTimeout);
        block.duration("healthInterval").ifPresent(spec::healthInterval);
        block.duration("idleStop").ifPresent(spec::idleStop);
        spec.limits(limits(block.section("limits")));
        spec.restart(restart(block.section("restart")));
        spec.breaker(breaker(block.section("breaker")));
        spec.process(process(block));
        block.string("toolPinning").ifPresent(policy -> spec.toolPinning(toolPinning(block, policy)));
        block.sections("enhance").forEach(entry -> spec.enhance(prompt(entry)));
    }

    private static ToolPrompt prompt(Settings entry) {
        entry.allowOnly(List.of("tool", "pointer", "when"));
        String when = entry.string("when").orElse("always");
        if (!when.equals("always") && !when.equals("asked")) {
            throw entry.error("when", "is '" + when + "', must be \"always\" or \"asked\"");
        }
        return checked(
                entry,
                () -> new ToolPrompt(
                        entry.requiredString("tool"),
                        entry.requiredString("pointer"),
                        when.equals("always") ? ToolPrompt.When.ALWAYS : ToolPrompt.When.ASKED));
    }

    /** A mode alone, or a mode with its bound. */
    private static ProcessPolicy process(Settings block) {
        if (block.asMap().get("process") instanceof String mode) {
            return new ProcessPolicy(processMode(block, "process", mode), ProcessPolicy.DEFAULT.max());
        }
        Settings process = block.section("process");
        process.allowOnly(List.of("mode", "max"));
        return new ProcessPolicy(
                processMode(process, "mode", process.string("mode").orElse("auto")),
                (int) process.integer("max", 1, 1_000).orElse(ProcessPolicy.DEFAULT.max()));
    }

    private static ProcessPolicy.Mode processMode(Settings place, String key, String mode) {
        return switch (mode) {
            case "auto" -> ProcessPolicy.Mode.AUTO;
            case "shared" -> ProcessPolicy.Mode.SHARED;
            case "session" -> ProcessPolicy.Mode.SESSION;
            case "pool" -> ProcessPolicy.Mode.POOL;
            default ->
                throw place.error(key, "is '" + mode + "', must be \"auto\", \"shared\", \"session\" or \"pool\"");
        };
    }

    private static StartMode startMode(Settings block, String mode) {
        return switch (mode) {
            case "eager" -> StartMode.EAGER;
            case "on-demand" -> StartMode.ON_DEMAND;
            default -> throw block.error("start", "is '" + mode + "', must be \"eager\" or \"on-demand\"");
        };
    }

    private static ToolPinning toolPinning(Settings block, String policy) {
        return switch (policy) {
            case "warn" -> ToolPinning.WARN;
            case "block" -> ToolPinning.BLOCK;
            default -> throw block.error("toolPinning", "is '" + policy + "', must be \"warn\" or \"block\"");
        };
    }

    private static ServerLimits limits(Settings limits) {
        ServerLimits usual = ServerLimits.DEFAULT;
        limits.allowOnly(List.of("maxInFlight", "maxQueuedBytes", "maxWaiting", "maxFrameBytes"));
        return checked(
                limits,
                () -> new ServerLimits(
                        (int) limits.integer("maxInFlight", 1, 1 << 24).orElse(usual.maxInFlight()),
                        limits.bytes("maxQueuedBytes").orElse(usual.maxQueuedBytes()),
                        (int) limits.integer("maxWaiting", 0, 1 << 24).orElse(usual.maxWaiting()),
                        frameBytes(limits, usual)));
    }

    private static int frameBytes(Settings limits, ServerLimits usual) {
        long bytes = limits.bytes("maxFrameBytes").orElse(usual.maxFrameBytes());
        if (bytes > 1 << 30) {
            throw limits.error("maxFrameBytes", "is " + bytes + ", must be at most 1 GiB");
        }
        return (int) bytes;
    }

    private static RestartPolicy restart(Settings restart) {
        RestartPolicy usual = RestartPolicy.DEFAULT;
        restart.allowOnly(
                List.of("initialDelay", "maxDelay", "multiplier", "jitter", "maxExits", "window", "probeInterval"));
        return checked(
                restart,
                () -> new RestartPolicy(
                        restart.duration("initialDelay").orElse(usual.initialDelay()),
                        restart.duration("maxDelay").orElse(usual.maxDelay()),
                        restart.number("multiplier", 1, 10).orElse(usual.multiplier()),
                        restart.number("jitter", 0, 1).orElse(usual.jitter()),
                        (int) restart.integer("maxExits", 0, 1_000_000).orElse(usual.maxExits()),
                        restart.duration("window").orElse(usual.window()),
                        restart.duration("probeInterval").orElse(usual.probeInterval())));
    }

    private static BreakerPolicy breaker(Settings breaker) {
        BreakerPolicy usual = BreakerPolicy.DEFAULT;
        breaker.allowOnly(List.of("failures", "openFor"));
        return checked(
                breaker,
                () -> new BreakerPolicy(
                        (int) breaker.integer("failures", 0, 1_000).orElse(usual.failures()),
                        breaker.duration("openFor").orElse(usual.openFor())));
    }

    /** A value object's own checks, told as a mistake of the section that it is made from. */
    static <T> T checked(Settings section, Supplier<T> maker) {
        try {
            return maker.get();
        } catch (IllegalArgumentException e) {
            throw new io.agenthub.api.ConfigurationException(section.path(), String.valueOf(e.getMessage()));
        }
    }
}
