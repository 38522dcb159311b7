package io.agenthub.api.monitor;

import io.agenthub.api.ConfigurationException;
import io.agenthub.api.Settings;
import java.time.Duration;
import java.util.List;

/**
 * What a hub measures of itself, and when it raises an {@link Alert}.
 *
 * @param enabled whether loops are watched and calls counted; default true
 * @param interval how often it looks, 10 ms to 1 h; default 100 ms
 * @param maxLag how late a loop may run its tasks, 1 ms or more; default 100 ms
 * @param maxPending calls that may be in flight, 1 or more; default 1,000
 * @param maxLoopCpu CPU time a loop may take for each unit of wall time, more than 0 and at most 1; default 0.5
 * @param maxClients clients counted by name, 0 to 10,000; default 100. Further ones are counted together
 */
public record MonitorPolicy(
        boolean enabled, Duration interval, Duration maxLag, int maxPending, double maxLoopCpu, int maxClients) {

    /** The defaults stated above. */
    public static final MonitorPolicy DEFAULT =
            new MonitorPolicy(true, Duration.ofMillis(100), Duration.ofMillis(100), 1_000, 0.5, 100);

    /** Measures nothing and raises no alert. */
    public static final MonitorPolicy OFF = new MonitorPolicy(
            false, DEFAULT.interval, DEFAULT.maxLag, DEFAULT.maxPending, DEFAULT.maxLoopCpu, DEFAULT.maxClients);

    private static final List<String> KEYS =
            List.of("enabled", "interval", "maxLag", "maxPending", "maxLoopCpu", "maxClients");

    /**
     * Checks the ranges.
     *
     * @throws ConfigurationException if one is out of range; the message names it
     */
    public MonitorPolicy {
        check("interval", interval, Duration.ofMillis(10), Duration.ofHours(1));
        check("maxLag", maxLag, Duration.ofMillis(1), Duration.ofHours(1));
        check("maxPending", maxPending, 1, Integer.MAX_VALUE);
        check("maxClients", maxClients, 0, 10_000);
        if (!(maxLoopCpu > 0 && maxLoopCpu <= 1)) {
            throw new ConfigurationException(
                    "monitor.maxLoopCpu", "is " + maxLoopCpu + ", must be more than 0 and at most 1");
        }
    }

    private static <T extends Comparable<T>> void check(String name, T value, T least, T most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new ConfigurationException(
                    "monitor." + name, "is " + value + ", must be between " + least + " and " + most);
        }
    }

    /**
     * Reads a policy: the keys are the names of the record's components.
     *
     * @param settings the {@code monitor} section
     * @return the policy, with the defaults for what is not there
     * @throws ConfigurationException if a key is unknown or a value is out of range; the message names the place
     */
    public static MonitorPolicy from(Settings settings) {
        settings.allowOnly(KEYS);
        return new MonitorPolicy(
                settings.flag("enabled").orElse(DEFAULT.enabled),
                settings.duration("interval").orElse(DEFAULT.interval),
                settings.duration("maxLag").orElse(DEFAULT.maxLag),
                (int) settings.integer("maxPending", 1, Integer.MAX_VALUE).orElse(DEFAULT.maxPending),
                settings.number("maxLoopCpu", 0, 1).orElse(DEFAULT.maxLoopCpu),
                (int) settings.integer("maxClients", 0, 10_000).orElse(DEFAULT.maxClients));
    }
}
