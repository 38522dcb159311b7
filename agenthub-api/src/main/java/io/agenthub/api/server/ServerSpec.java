package io.agenthub.api.server;

import io.agenthub.api.Settings;
import io.agenthub.api.breaker.BreakerPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * How one MCP server is to be run. Immutable; two equal specs need no restart between them.
 *
 * @param name {@code [a-z0-9][a-z0-9_-]{0,63}}, unique in a hub
 * @param bridge the {@link io.agenthub.api.spi.BridgeProvider#name() name} of the bridge provider
 * @param settings what that provider needs: command, arguments and environment, or a URL and headers
 * @param start when it is started
 * @param startTimeout for start and handshake together
 * @param callTimeout the deadline of a call that brings none
 * @param healthInterval how often it is asked whether it lives; zero means never
 * @param idleStop stopped after this time without a call; zero means never
 * @param limits its bounds
 * @param restart how it is brought back
 * @param breaker when calls to it are refused
 * @param process how many connections to it there are, and who shares them
 * @param enhance which prompts in the arguments of its tools may be improved
 * @param toolPinning what is done when one of its tools changes
 */
public record ServerSpec(
        String name,
        String bridge,
        Settings settings,
        StartMode start,
        Duration startTimeout,
        Duration callTimeout,
        Duration healthInterval,
        Duration idleStop,
        ServerLimits limits,
        RestartPolicy restart,
        BreakerPolicy breaker,
        ProcessPolicy process,
        List<ToolPrompt> enhance,
        ToolPinning toolPinning) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_-]{0,63}");

    /**
     * Copies, and checks the ranges.
     *
     * @throws IllegalArgumentException if one is out of range, or one prompt is named twice; the message names it
     */
    public ServerSpec {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("Server name '" + printable(name)
                    + "' must be 1 to 64 characters of a-z, 0-9, '_' and '-', beginning with a letter or digit");
        }
        range(startTimeout, Duration.ofMillis(1), Duration.ofMinutes(10), name, "startTimeout");
        range(callTimeout, Duration.ofMillis(1), Duration.ofHours(24), name, "callTimeout");
        range(healthInterval, Duration.ZERO, Duration.ofHours(24), name, "healthInterval");
        range(idleStop, Duration.ZERO, Duration.ofDays(365), name, "idleStop");
        Objects.requireNonNull(bridge);
        Objects.requireNonNull(settings);
        Objects.requireNonNull(start);
        Objects.requireNonNull(limits);
        Objects.requireNonNull(restart);
        Objects.requireNonNull(breaker);
        Objects.requireNonNull(process);
        Objects.requireNonNull(toolPinning);
        enhance = List.copyOf(enhance);
        Set<List<String>> places = new HashSet<>();
        for (ToolPrompt prompt : enhance) {
            if (!places.add(List.of(prompt.tool(), prompt.pointer()))) {
                throw new IllegalArgumentException("enhance of server '" + name + "' names " + prompt.pointer()
                        + " of tool '" + prompt.tool() + "' twice");
            }
        }
    }

    private static void range(Duration value, Duration least, Duration most, String server, String name) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    name + " of server '" + server + "' is " + value + ", must be between " + least + " and " + most);
        }
    }

    private static String printable(String name) {
        String cut = name.length() > 80 ? name.substring(0, 80) + "…" : name;
        return cut.replaceAll("[^\\x20-\\x7E…]", "?");
    }

    /**
     * Begins a spec of a server run as a child process.
     *
     * @param name the server's name
     * @param command the program and its arguments; no shell is involved
     * @return a builder with every default
     */
    public static Builder stdio(String name, String... command) {
        if (command.length == 0) {
            throw new IllegalArgumentException("Server '" + name + "' has no command");
        }
        return builder(name, "stdio")
                .setting("command", command[0])
                .setting("args", List.of(command).subList(1, command.length));
    }

    /**
     * Begins a spec.
     *
     * @param name the server's name
     * @param bridge the name of the bridge provider
     * @return a builder with every default
     */
    public static Builder builder(String name, String bridge) {
        return new Builder(name, bridge);
    }

    /** Collects a {@link ServerSpec}. Not thread-safe. */
    public static final class Builder {
        private final String name;
        private final String bridge;
        private Settings settings;
        private StartMode start = StartMode.ON_DEMAND;
        private Duration startTimeout = Duration.ofSeconds(30);
        private Duration callTimeout = Duration.ofSeconds(30);
        private Duration healthInterval = Duration.ofSeconds(10);
        private Duration idleStop = Duration.ZERO;
        private ServerLimits limits = ServerLimits.DEFAULT;
        private RestartPolicy restart = RestartPolicy.DEFAULT;
        private BreakerPolicy breaker = BreakerPolicy.DEFAULT;
        private ProcessPolicy process = ProcessPolicy.DEFAULT;
        private ToolPinning toolPinning = ToolPinning.WARN;
        private final List<ToolPrompt> enhance = new ArrayList<>();

        private Builder(String name, String bridge) {
            this.name = Objects.requireNonNull(name);
            this.bridge = Objects.requireNonNull(bridge);
            this.settings = Settings.empty("servers." + name);
        }

        /**
         * One setting of the bridge provider.
         *
         * @param key its key
         * @param value a string, number, boolean, list or map of these
         * @return this
         */
        public Builder setting(String key, Object value) {
            settings = settings.with(key, value);
            return this;
        }

        /**
         * All settings of the bridge provider, replacing those set so far.
         *
         * @param value the settings
         * @return this
         */
        public Builder settings(Settings value) {
            settings = Objects.requireNonNull(value);
            return this;
        }

        /**
         * When the server is started.
         *
         * @param value default {@link StartMode#ON_DEMAND}; choose {@link StartMode#EAGER} for servers that are slow to start
         * @return this
         */
        public Builder start(StartMode value) {
            start = Objects.requireNonNull(value);
            return this;
        }

        /**
         * The time for start and handshake.
         *
         * @param value 1 ms to 10 min, default 30 s; raise it for servers that download themselves first
         * @return this
         */
        public Builder startTimeout(Duration value) {
            startTimeout = value;
            return this;
        }

        /**
         * The deadline of a call that brings none.
         *
         * @param value 1 ms to 24 h, default 30 s
         * @return this
         */
        public Builder callTimeout(Duration value) {
            callTimeout = value;
            return this;
        }

        /**
         * How often the server is asked whether it lives.
         *
         * @param value up to 24 h, default 10 s; zero switches it off
         * @return this
         */
        public Builder healthInterval(Duration value) {
            healthInterval = value;
            return this;
        }

        /**
         * How long the server may be idle before it is stopped; its next call starts it again. A connection for single calls is
         * closed when it has been idle for as long, and after a minute at the latest.
         *
         * @param value default zero, which means never
         * @return this
         */
        public Builder idleStop(Duration value) {
            idleStop = value;
            return this;
        }

        /**
         * The server's bounds.
         *
         * @param value default {@link ServerLimits#DEFAULT}
         * @return this
         */
        public Builder limits(ServerLimits value) {
            limits = Objects.requireNonNull(value);
            return this;
        }

        /**
         * How the server is brought back when it ends by itself.
         *
         * @param value default {@link RestartPolicy#DEFAULT}
         * @return this
         */
        public Builder restart(RestartPolicy value) {
            restart = Objects.requireNonNull(value);
            return this;
        }

        /**
         * When calls to the server are refused.
         *
         * @param value default {@link BreakerPolicy#DEFAULT}
         * @return this
         */
        public Builder breaker(BreakerPolicy value) {
            breaker = Objects.requireNonNull(value);
            return this;
        }

        /**
         * How many connections to the server there are, and who shares them.
         *
         * @param value default {@link ProcessPolicy#DEFAULT}
         * @return this
         */
        public Builder process(ProcessPolicy value) {
            process = Objects.requireNonNull(value);
            return this;
        }

        /**
         * Allows the hub's enhancer to improve a prompt in the arguments of a tool. Without this, no call is ever changed.
         *
         * @param value which argument of which tool, and in which calls
         * @return this
         */
        public Builder enhance(ToolPrompt value) {
            enhance.add(Objects.requireNonNull(value));
            return this;
        }

        /**
         * What is done when one of the server's tools changes.
         *
         * @param value default {@link ToolPinning#WARN}; choose {@link ToolPinning#BLOCK} for servers that are trusted no
         *     further than they were looked at
         * @return this
         */
        public Builder toolPinning(ToolPinning value) {
            toolPinning = Objects.requireNonNull(value);
            return this;
        }

        /**
         * Makes the spec.
         *
         * @return the spec
         * @throws IllegalArgumentException if a value is out of range
         */
        public ServerSpec build() {
            return new ServerSpec(
                    name,
                    bridge,
                    settings,
                    start,
                    startTimeout,
                    callTimeout,
                    healthInterval,
                    idleStop,
                    limits,
                    restart,
                    breaker,
                    process,
                    enhance,
                    toolPinning);
        }
    }
}
