package io.agenthub.api.activity;

import io.agenthub.api.rpc.JsonText;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the activities that a query asks for have in common.
 *
 * @param total how many there are
 * @param bytesIn the bytes of all parameters
 * @param bytesOut the bytes of all outcomes
 * @param latency how long they took; of more than a kind or a stretch of time a store need not measure more than the newest
 *     {@value #MAX_MEASURED}
 * @param outcomes how many ended how, most frequent first, at most {@value #MAX_NAMES}
 * @param servers how many per server, most frequent first, at most {@value #MAX_NAMES}
 * @param clients how many per client, most frequent first, at most {@value #MAX_NAMES}
 * @param tools the busiest tools first, at most {@value #MAX_TOOLS}
 * @param series how many over time, oldest first, without empty slots, at most the newest {@value #MAX_SLOTS}
 */
public record ActivityStats(
        long total,
        long bytesIn,
        long bytesOut,
        Latency latency,
        Map<String, Long> outcomes,
        Map<String, Long> servers,
        Map<String, Long> clients,
        List<ToolUse> tools,
        List<Slot> series) {

    /** How many of the newest a store measures, at least, for the latency of a selection. */
    public static final int MAX_MEASURED = 20_000;

    /** The most names per count. */
    public static final int MAX_NAMES = 100;

    /** The most tools. */
    public static final int MAX_TOOLS = 50;

    /** The most slots in a series. */
    public static final int MAX_SLOTS = 1_000;

    /** Copies, keeping the order. */
    public ActivityStats {
        outcomes = Collections.unmodifiableMap(new LinkedHashMap<>(outcomes));
        servers = Collections.unmodifiableMap(new LinkedHashMap<>(servers));
        clients = Collections.unmodifiableMap(new LinkedHashMap<>(clients));
        tools = List.copyOf(tools);
        series = List.copyOf(series);
    }

    /**
     * The statistics for programs.
     *
     * @return an object with a member per component, durations in milliseconds
     */
    public JsonText toJson() {
        return ActivityJson.stats(this);
    }

    /**
     * How long activities took. Each is at most 4 % from the true duration.
     *
     * @param p50 half were not slower
     * @param p95 95 of 100 were not slower
     * @param p99 99 of 100 were not slower
     * @param max the longest
     */
    public record Latency(Duration p50, Duration p95, Duration p99, Duration max) {
        /** Of nothing at all. */
        public static final Latency NONE = new Latency(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO);
    }

    /**
     * How much a tool was used.
     *
     * @param server the server that offers it
     * @param tool its name
     * @param calls how often it was called
     * @param failures how many of the calls ended in anything but {@link Activity#OK}
     * @param mean how long a call took on average
     */
    public record ToolUse(String server, String tool, long calls, long failures, Duration mean) {}

    /**
     * A stretch of time.
     *
     * @param start when it begins, a multiple of the step since the epoch
     * @param count how many activities ended in it
     * @param failures how many of them ended in anything but {@link Activity#OK}
     */
    public record Slot(Instant start, long count, long failures) {}
}
