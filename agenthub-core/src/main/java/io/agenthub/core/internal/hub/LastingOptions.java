package io.agenthub.core.internal.hub;

import io.agenthub.api.Settings;
import io.agenthub.api.hub.HubConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a configuration says apart from its servers: all that a hub and what is around it take over when they start, and keep. */
public final class LastingOptions {
    private static final List<String> OWN =
            List.copyOf(of(HubConfig.builder().build()).keySet());

    private LastingOptions() {}

    /** By the keys they stand under in a file. */
    private static Map<String, Object> of(HubConfig config) {
        Map<String, Object> options = new TreeMap<>();
        config.sections().forEach(options::put);
        options.put("maxInFlight", config.maxInFlight());
        options.put("maxInFlightBytes", config.maxInFlightBytes());
        options.put("drainTimeout", config.drainTimeout());
        options.put("supervisor", config.supervisor());
        options.put("enhancer", config.enhancer());
        options.put("enhancementCache", config.enhancementCache());
        options.put("activity", config.activity());
        options.put("monitor", config.monitor());
        return options;
    }

    /**
     * The hub's own.
     *
     * @return the keys they stand under in a file
     */
    public static List<String> keys() {
        return OWN;
    }

    /** Where two configurations differ, as a file names it; a section without a setting is as good as none. */
    static List<String> differing(HubConfig one, HubConfig other) {
        Map<String, Object> mine = of(one);
        Map<String, Object> theirs = of(other);
        TreeSet<String> keys = new TreeSet<>(mine.keySet());
        keys.addAll(theirs.keySet());
        List<String> differing = new ArrayList<>();
        for (String key : keys) {
            if (!Objects.equals(filled(mine.get(key)), filled(theirs.get(key)))) {
                differing.add("agenthub." + key);
            }
        }
        return differing;
    }

    private static @Nullable Object filled(@Nullable Object option) {
        return option instanceof Settings section && section.keys().isEmpty() ? null : option;
    }
}
