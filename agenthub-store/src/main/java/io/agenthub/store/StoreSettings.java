package io.agenthub.store;

import io.agenthub.api.Settings;
import io.agenthub.api.activity.Redaction;
import io.agenthub.api.activity.Retention;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Reads the options that every database has from settings. */
final class StoreSettings {
    /** The keys that are read here. */
    static final List<String> KEYS = List.of(
            "maxQueued",
            "retentionAge",
            "retentionBytes",
            "bodies",
            "maxBodyBytes",
            "redactKeys",
            "redactPatterns",
            "readers",
            "maxQueuedQueries",
            "commitInterval",
            "linger",
            "queryTimeout",
            "writeTimeout",
            "closeTimeout");

    private StoreSettings() {}

    /** The keys, and those of one database. */
    static List<String> with(String... more) {
        List<String> keys = new ArrayList<>(List.of(more));
        keys.addAll(KEYS);
        return keys;
    }

    static StoreOptions read(Settings settings) {
        StoreOptions.Builder options = StoreOptions.builder();
        settings.integer("maxQueued", 16, 1_048_576).ifPresent(value -> options.maxQueued((int) value));
        settings.flag("bodies").ifPresent(options::bodies);
        settings.integer("readers", 1, 16).ifPresent(value -> options.readers((int) value));
        settings.integer("maxQueuedQueries", 1, 10_000).ifPresent(value -> options.maxQueuedQueries((int) value));
        settings.duration("commitInterval").ifPresent(options::commitInterval);
        settings.duration("linger").ifPresent(options::linger);
        settings.duration("queryTimeout").ifPresent(options::queryTimeout);
        settings.duration("writeTimeout").ifPresent(options::writeTimeout);
        settings.duration("closeTimeout").ifPresent(options::closeTimeout);
        options.redaction(redaction(settings)).retention(retention(settings));
        return checked(settings, options::build);
    }

    /** Zero means no bound: a store that keeps nothing is none. */
    private static Retention retention(Settings settings) {
        return new Retention(
                settings.duration("retentionAge").or(Retention.DEFAULT::age).filter(age -> !age.equals(Duration.ZERO)),
                positive(
                        settings.bytes("retentionBytes").isPresent()
                                ? settings.bytes("retentionBytes")
                                : Retention.DEFAULT.bytes()));
    }

    private static java.util.OptionalLong positive(java.util.OptionalLong value) {
        return value.orElse(0) == 0 ? java.util.OptionalLong.empty() : value;
    }

    /** Keys and patterns of the settings come on top of the default ones. */
    private static Redaction redaction(Settings settings) {
        Set<String> keys = new LinkedHashSet<>(Redaction.DEFAULT.keys());
        keys.addAll(settings.strings("redactKeys"));
        List<Pattern> patterns = new ArrayList<>(Redaction.DEFAULT.patterns());
        for (String pattern : settings.strings("redactPatterns")) {
            try {
                patterns.add(Pattern.compile(pattern));
            } catch (PatternSyntaxException e) {
                throw settings.error("redactPatterns", "is not a regular expression: " + e.getDescription());
            }
        }
        long size = settings.bytes("maxBodyBytes").orElse(Redaction.DEFAULT.maxBodyBytes());
        return checked(settings, () -> new Redaction(keys, patterns, (int) Math.min(Integer.MAX_VALUE, size)));
    }

    /** What says of a value that it cannot be used says so of the setting. */
    static <T> T checked(Settings settings, Supplier<T> options) {
        try {
            return options.get();
        } catch (IllegalArgumentException e) {
            String message = String.valueOf(e.getMessage());
            int space = message.indexOf(' ');
            throw settings.error(message.substring(0, Math.max(0, space)), message.substring(space + 1));
        }
    }
}
