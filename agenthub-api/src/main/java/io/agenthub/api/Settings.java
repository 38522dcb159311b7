package io.agenthub.api;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A tree of named values from a file or a builder, read with checks that name the place of a mistake.
 *
 * <p>Values are strings, numbers, booleans, lists and maps of these. Immutable; {@link #toString()} shows keys but no values,
 * since any of them may be a secret.
 */
public final class Settings {
    private static final Pattern DURATION = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*(ms|s|m|h|d)");
    private static final Pattern BYTES = Pattern.compile("(\\d+)\\s*(B|KiB|MiB|GiB)", Pattern.CASE_INSENSITIVE);

    private static final Pattern FIRST = Pattern.compile("[.\\[].*", Pattern.DOTALL);

    private final String path;
    private final Map<String, Object> values;
    /** What stands elsewhere than the rest, and where. */
    private final Map<String, String> elsewhere;

    private final UnaryOperator<String> origin;

    private Settings(
            String path, Map<String, Object> values, Map<String, String> elsewhere, UnaryOperator<String> origin) {
        this.path = path;
        this.values = values;
        this.elsewhere = elsewhere;
        this.origin = origin;
    }

    private Settings(String path, Map<String, Object> values) {
        this(path, values, Map.of(), place -> "");
    }

    /**
     * No settings.
     *
     * @param path where they stand, for messages
     * @return empty settings
     */
    public static Settings empty(String path) {
        return new Settings(path, Map.of());
    }

    /**
     * Settings from a map.
     *
     * @param path where they stand, for messages
     * @param values copied deeply
     * @return the settings
     */
    public static Settings of(String path, Map<String, ?> values) {
        return new Settings(path, copyMap(values));
    }

    private static Map<String, Object> copyMap(Map<?, ?> map) {
        Map<String, Object> copy = new LinkedHashMap<>();
        map.forEach((key, value) -> copy.put(String.valueOf(key), copy(value)));
        return Collections.unmodifiableMap(copy);
    }

    private static Object copy(Object value) {
        if (value instanceof Map<?, ?> map) {
            return copyMap(map);
        }
        if (value instanceof Collection<?> list) {
            List<Object> copy = new ArrayList<>();
            list.forEach(element -> copy.add(copy(element)));
            return Collections.unmodifiableList(copy);
        }
        return value;
    }

    /**
     * These settings with one more, or one changed.
     *
     * @param key the key
     * @param value its value
     * @return new settings
     */
    public Settings with(String key, Object value) {
        Map<String, Object> changed = new LinkedHashMap<>(values);
        changed.put(key, copy(value));
        return new Settings(path, Collections.unmodifiableMap(changed), elsewhere, origin);
    }

    /**
     * Other values at the same place.
     *
     * @param others copied deeply
     * @return new settings
     */
    public Settings holding(Map<String, ?> others) {
        return new Settings(path, copyMap(others), elsewhere, origin);
    }

    /**
     * These settings, some of which were taken from others: messages about those name the place where they stand.
     *
     * @param keys what was taken
     * @param from the settings it was taken from
     * @return new settings
     */
    public Settings taken(Collection<String> keys, Settings from) {
        Map<String, String> places = new LinkedHashMap<>(elsewhere);
        keys.forEach(key -> places.put(key, from.place(key)));
        return new Settings(path, values, Collections.unmodifiableMap(places), origin);
    }

    /**
     * These settings, as they were read from somewhere. All settings within them, and all that are made from them, know it too.
     *
     * @param source what messages add to the path of a mistake, such as {@code " (mcp.json, line 3)"}; the empty string if nothing.
     *     Called on any thread
     * @return new settings
     */
    public Settings readFrom(UnaryOperator<String> source) {
        return new Settings(path, values, elsewhere, source);
    }

    /**
     * Where these settings stand.
     *
     * @return a dotted path
     */
    public String path() {
        return path;
    }

    /**
     * The keys there are.
     *
     * @return in the order they were written
     */
    public Collection<String> keys() {
        return values.keySet();
    }

    /**
     * The values as they are.
     *
     * @return an unmodifiable map
     */
    public Map<String, Object> asMap() {
        return values;
    }

    /**
     * Refuses keys that nobody reads.
     *
     * @param known the keys that mean something
     * @throws ConfigurationException if there is another; it names the nearest known key
     */
    public void allowOnly(Collection<String> known) {
        for (String key : values.keySet()) {
            if (!known.contains(key)) {
                throw error(
                        key,
                        known.isEmpty()
                                ? "unknown key; none is known here"
                                : "unknown key; did you mean '" + nearest(key, known) + "'?");
            }
        }
    }

    private static String nearest(String key, Collection<String> known) {
        String best = "";
        int least = Integer.MAX_VALUE;
        for (String candidate : known) {
            int distance = distance(key.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
            if (distance < least) {
                least = distance;
                best = candidate;
            }
        }
        return best;
    }

    /** Levenshtein's edit distance, one row at a time. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int cost = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                int next = Math.min(Math.min(row[j], row[j - 1]) + 1, diagonal + cost);
                diagonal = row[j];
                row[j] = next;
            }
        }
        return row[b.length()];
    }

    /**
     * A string.
     *
     * @param key the key
     * @return its value, or empty if absent
     * @throws ConfigurationException if it is not a string
     */
    public Optional<String> string(String key) {
        return read(key, String.class, "a string");
    }

    /**
     * A string that must be there.
     *
     * @param key the key
     * @return its value
     * @throws ConfigurationException if it is absent, empty or not a string
     */
    public String requiredString(String key) {
        return string(key).filter(s -> !s.isBlank()).orElseThrow(() -> error(key, "is required"));
    }

    /**
     * A boolean.
     *
     * @param key the key
     * @return its value, or empty if absent
     * @throws ConfigurationException if it is not a boolean
     */
    public Optional<Boolean> flag(String key) {
        return read(key, Boolean.class, "true or false");
    }

    /**
     * A whole number.
     *
     * @param key the key
     * @param least the smallest value allowed
     * @param most the largest value allowed
     * @return its value, or empty if absent
     * @throws ConfigurationException if it is not a whole number within the range
     */
    public OptionalLong integer(String key, long least, long most) {
        Optional<Number> number = read(key, Number.class, "a whole number");
        if (number.isEmpty()) {
            return OptionalLong.empty();
        }
        long value = number.get().longValue();
        if (value != number.get().doubleValue() || value < least || value > most) {
            throw error(key, "is " + number.get() + ", must be a whole number between " + least + " and " + most);
        }
        return OptionalLong.of(value);
    }

    /**
     * A number.
     *
     * @param key the key
     * @param least the smallest value allowed
     * @param most the largest value allowed
     * @return its value, or empty if absent
     * @throws ConfigurationException if it is not a number within the range
     */
    public OptionalDouble number(String key, double least, double most) {
        Optional<Number> number = read(key, Number.class, "a number");
        if (number.isEmpty()) {
            return OptionalDouble.empty();
        }
        double value = number.get().doubleValue();
        if (!(value >= least && value <= most)) {
            throw error(key, "is " + value + ", must be between " + least + " and " + most);
        }
        return OptionalDouble.of(value);
    }

    /**
     * A time span: a string such as {@code "250ms"}, {@code "30s"}, {@code "5m"}, {@code "2h"}, {@code "7d"} or ISO-8601
     * ({@code "PT30S"}), or a number of seconds.
     *
     * @param key the key
     * @return its value, or empty if absent
     * @throws ConfigurationException if it is none of these
     */
    public Optional<Duration> duration(String key) {
        Object value = values.get(key);
        if (value instanceof Duration span) {
            return Optional.of(span);
        }
        if (value instanceof Number seconds && seconds.doubleValue() >= 0) {
            return Optional.of(Duration.ofMillis(Math.round(seconds.doubleValue() * 1000)));
        }
        return value == null ? Optional.empty() : Optional.of(parse(key, value, Settings::duration0));
    }

    private static @Nullable Duration duration0(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            try {
                Duration span = Duration.parse(text);
                return span.isNegative() ? null : span;
            } catch (DateTimeParseException e) {
                return null;
            }
        }
        double unit = switch (matcher.group(2)) {
            case "ms" -> 1;
            case "s" -> 1_000;
            case "m" -> 60_000;
            case "h" -> 3_600_000;
            default -> 86_400_000;
        };
        return Duration.ofMillis(Math.round(Double.parseDouble(matcher.group(1)) * unit));
    }

    /**
     * A size: a number of bytes, or a string such as {@code "64KiB"} or {@code "16 MiB"}.
     *
     * @param key the key
     * @return a number of bytes, or empty if absent
     * @throws ConfigurationException if it is neither
     */
    public OptionalLong bytes(String key) {
        Object value = values.get(key);
        if (value instanceof Number) {
            return integer(key, 0, Long.MAX_VALUE);
        }
        return value == null ? OptionalLong.empty() : OptionalLong.of(parse(key, value, Settings::bytes0));
    }

    private static @Nullable Long bytes0(String text) {
        Matcher matcher = BYTES.matcher(text);
        if (!matcher.matches() || matcher.group(1).length() > 9) {
            return null;
        }
        int shift = switch (matcher.group(2).toLowerCase(Locale.ROOT)) {
            case "b" -> 0;
            case "kib" -> 10;
            case "mib" -> 20;
            default -> 30;
        };
        return Long.parseLong(matcher.group(1)) << shift;
    }

    private <T> T parse(String key, Object value, Function<String, @Nullable T> parser) {
        T parsed = value instanceof String text ? parser.apply(text) : null;
        if (parsed == null) {
            throw error(key, "'" + value + "' is not understood; write for instance \"30s\" or \"16MiB\"");
        }
        return parsed;
    }

    /**
     * A list of strings.
     *
     * @param key the key
     * @return its elements, empty if absent
     * @throws ConfigurationException if it is not a list of strings
     */
    public List<String> strings(String key) {
        List<String> strings = new ArrayList<>();
        for (Object element : list(key)) {
            if (!(element instanceof String string)) {
                throw error(key, "must be a list of strings");
            }
            strings.add(string);
        }
        return Collections.unmodifiableList(strings);
    }

    /**
     * A list of anything.
     *
     * @param key the key
     * @return its elements, empty if absent
     * @throws ConfigurationException if it is not a list
     */
    public List<?> list(String key) {
        return read(key, List.class, "a list").orElse(List.of());
    }

    /**
     * A map of strings, such as an environment.
     *
     * @param key the key
     * @return its entries in order, empty if absent
     * @throws ConfigurationException if it is not a map of strings
     */
    public Map<String, String> stringMap(String key) {
        Map<String, String> strings = new LinkedHashMap<>();
        section(key).values.forEach((name, value) -> {
            if (!(value instanceof String string)) {
                throw error(key + "." + name, "must be a string");
            }
            strings.put(name, string);
        });
        return Collections.unmodifiableMap(strings);
    }

    /**
     * Settings within these, in a list.
     *
     * @param key the key
     * @return the settings of each element, whose path tells its index; empty if absent
     * @throws ConfigurationException if it is not a list of maps
     */
    public List<Settings> sections(String key) {
        List<Settings> sections = new ArrayList<>();
        for (Object element : list(key)) {
            String indexed = key + "[" + sections.size() + "]";
            if (!(element instanceof Map<?, ?> map)) {
                throw error(indexed, "must be an object");
            }
            sections.add(new Settings(place(indexed), copyMap(map), Map.of(), origin));
        }
        return Collections.unmodifiableList(sections);
    }

    /**
     * Settings within these.
     *
     * @param key the key
     * @return the settings below it, empty if absent
     * @throws ConfigurationException if it is not a map
     */
    public Settings section(String key) {
        Optional<Map<?, ?>> map = read(key, Map.class, "an object").map(m -> (Map<?, ?>) m);
        return new Settings(place(key), map.isEmpty() ? Map.of() : copyMap(map.get()), Map.of(), origin);
    }

    private <T> Optional<T> read(String key, Class<T> type, String wanted) {
        Object value = values.get(key);
        if (value != null && !type.isInstance(value)) {
            throw error(key, "must be " + wanted);
        }
        return Optional.ofNullable(type.cast(value));
    }

    /**
     * A mistake at a key.
     *
     * @param key the key, or what stands below one, such as {@code list[0].name}; empty if all of these settings are the mistake
     * @param problem what is wrong and what would be right
     * @return the exception to throw
     */
    public ConfigurationException error(String key, String problem) {
        String place = place(key);
        return new ConfigurationException(place, problem + origin.apply(place));
    }

    private String place(String key) {
        String first = FIRST.matcher(key).replaceFirst("");
        String own = elsewhere.get(first);
        if (own != null) {
            return own + key.substring(first.length());
        }
        return path.isEmpty() || key.isEmpty() ? path + key : path + "." + key;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Settings that && values.equals(that.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return "Settings " + path + " " + values.keySet();
    }
}
