package io.agenthub.api.hub;

import io.agenthub.api.ConfigurationException;
import io.agenthub.api.Settings;
import io.agenthub.api.monitor.MonitorPolicy;
import io.agenthub.api.server.ServerSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Everything a hub needs to know before it starts. Immutable.
 *
 * @param servers the MCP servers, in the order they were written
 * @param maxInFlight calls in flight over all servers; default 65,536
 * @param maxInFlightBytes bytes of parameters in flight over all servers; default a quarter of the largest heap
 * @param drainTimeout how long closing waits for calls in flight; default 10 s
 * @param supervisor which supervisor; default {@code backoff}
 * @param enhancer which prompt enhancer; default {@code none}
 * @param enhancementCache which cache of improved prompts is lent to the enhancer; default {@code caffeine}, and {@code none}
 *     lends none
 * @param activity which activity store; default {@code none}
 * @param monitor what the hub measures of itself, and when it raises an alert; default {@link MonitorPolicy#DEFAULT}
 * @param sections settings for others that read the same file, such as {@code gateway}
 */
public record HubConfig(
        List<ServerSpec> servers,
        int maxInFlight,
        long maxInFlightBytes,
        Duration drainTimeout,
        PartChoice supervisor,
        PartChoice enhancer,
        PartChoice enhancementCache,
        PartChoice activity,
        MonitorPolicy monitor,
        Map<String, Settings> sections) {

    /**
     * Copies and checks.
     *
     * @throws ConfigurationException if two servers have one name or a bound is out of range
     */
    public HubConfig {
        servers = List.copyOf(servers);
        sections = Map.copyOf(sections);
        Objects.requireNonNull(supervisor);
        Objects.requireNonNull(enhancer);
        Objects.requireNonNull(enhancementCache);
        Objects.requireNonNull(activity);
        Objects.requireNonNull(monitor);
        if (maxInFlight < 1) {
            throw new ConfigurationException("maxInFlight", "is " + maxInFlight + ", must be at least 1");
        }
        if (maxInFlightBytes < 1_024) {
            throw new ConfigurationException("maxInFlightBytes", "is " + maxInFlightBytes + ", must be at least 1024");
        }
        if (drainTimeout.isNegative() || drainTimeout.compareTo(Duration.ofHours(1)) > 0) {
            throw new ConfigurationException("drainTimeout", "is " + drainTimeout + ", must be between 0 and 1 h");
        }
        Set<String> names = new HashSet<>();
        for (ServerSpec server : servers) {
            if (!names.add(server.name())) {
                throw new ConfigurationException(
                        "servers." + server.name(), "two servers have this name; each needs its own");
            }
        }
    }

    /**
     * Begins a configuration.
     *
     * @return a builder with every default and no server
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Begins a configuration like this one.
     *
     * @return a builder with these values
     */
    public Builder toBuilder() {
        Builder builder = new Builder()
                .maxInFlight(maxInFlight)
                .maxInFlightBytes(maxInFlightBytes)
                .drainTimeout(drainTimeout)
                .supervisor(supervisor)
                .enhancer(enhancer)
                .enhancementCache(enhancementCache)
                .activity(activity)
                .monitor(monitor);
        servers.forEach(builder::server);
        sections.forEach(builder::section);
        return builder;
    }

    /** Collects a {@link HubConfig}. Not thread-safe. */
    public static final class Builder {
        private final List<ServerSpec> servers = new ArrayList<>();
        private final Map<String, Settings> sections = new LinkedHashMap<>();
        private int maxInFlight = 65_536;
        private long maxInFlightBytes = Runtime.getRuntime().maxMemory() / 4;
        private Duration drainTimeout = Duration.ofSeconds(10);
        private PartChoice supervisor = PartChoice.of("backoff");
        private PartChoice enhancer = PartChoice.of("none");
        private PartChoice enhancementCache = PartChoice.of("caffeine");
        private PartChoice activity = PartChoice.of("none");
        private MonitorPolicy monitor = MonitorPolicy.DEFAULT;

        private Builder() {}

        /**
         * Adds a server.
         *
         * @param spec how it is run
         * @return this
         */
        public Builder server(ServerSpec spec) {
            servers.add(Objects.requireNonNull(spec));
            return this;
        }

        /**
         * Bounds the calls in flight over all servers.
         *
         * @param value 1 or more, default 65,536
         * @return this
         */
        public Builder maxInFlight(int value) {
            maxInFlight = value;
            return this;
        }

        /**
         * Bounds the bytes of parameters in flight over all servers.
         *
         * @param value 1,024 or more, default a quarter of the largest heap
         * @return this
         */
        public Builder maxInFlightBytes(long value) {
            maxInFlightBytes = value;
            return this;
        }

        /**
         * Bounds how long closing waits for calls in flight.
         *
         * @param value up to 1 h, default 10 s
         * @return this
         */
        public Builder drainTimeout(Duration value) {
            drainTimeout = value;
            return this;
        }

        /**
         * Chooses the supervisor.
         *
         * @param value default {@code backoff}
         * @return this
         */
        public Builder supervisor(PartChoice value) {
            supervisor = value;
            return this;
        }

        /**
         * Chooses the prompt enhancer.
         *
         * @param value default {@code none}
         * @return this
         */
        public Builder enhancer(PartChoice value) {
            enhancer = value;
            return this;
        }

        /**
         * Chooses the cache of improved prompts that is lent to the enhancer.
         *
         * @param value default {@code caffeine}; {@code none} lends none, so that every prompt asks a model
         * @return this
         */
        public Builder enhancementCache(PartChoice value) {
            enhancementCache = value;
            return this;
        }

        /**
         * Chooses the activity store.
         *
         * @param value default {@code none}
         * @return this
         */
        public Builder activity(PartChoice value) {
            activity = value;
            return this;
        }

        /**
         * Chooses what is measured, and the limits that raise an alert.
         *
         * @param value default {@link MonitorPolicy#DEFAULT}
         * @return this
         */
        public Builder monitor(MonitorPolicy value) {
            monitor = value;
            return this;
        }

        /**
         * Adds settings for another reader of the same file.
         *
         * @param name its name, such as {@code gateway}
         * @param value its settings
         * @return this
         */
        public Builder section(String name, Settings value) {
            sections.put(name, value);
            return this;
        }

        /**
         * Makes the configuration.
         *
         * @return the configuration
         * @throws ConfigurationException if it contradicts itself
         */
        public HubConfig build() {
            return new HubConfig(
                    servers,
                    maxInFlight,
                    maxInFlightBytes,
                    drainTimeout,
                    supervisor,
                    enhancer,
                    enhancementCache,
                    activity,
                    monitor,
                    sections);
        }
    }
}
