package io.agenthub.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
    private static final Settings EMPTY = Settings.empty("servers.time");

    private static Settings with(Object value) {
        return EMPTY.with("key", value);
    }

    private static String refusal(Object value, Function<Settings, ?> getter) {
        ConfigurationException refusal =
                assertThrows(ConfigurationException.class, () -> getter.apply(with(value)), () -> "for " + value);
        assertEquals("servers.time.key", refusal.path());
        assertTrue(refusal.getMessage().startsWith("servers.time.key: "), refusal.getMessage());
        return refusal.getMessage();
    }

    // The tree

    @Test
    void whatIsNotThereIsEmpty() {
        assertEquals(Optional.empty(), EMPTY.string("key"));
        assertEquals(Optional.empty(), EMPTY.flag("key"));
        assertEquals(OptionalLong.empty(), EMPTY.integer("key", 0, 1));
        assertEquals(OptionalDouble.empty(), EMPTY.number("key", 0, 1));
        assertEquals(Optional.empty(), EMPTY.duration("key"));
        assertEquals(OptionalLong.empty(), EMPTY.bytes("key"));
        assertEquals(List.of(), EMPTY.strings("key"));
        assertEquals(List.of(), EMPTY.list("key"));
        assertEquals(Map.of(), EMPTY.stringMap("key"));
        assertEquals(Map.of(), EMPTY.section("key").asMap());
    }

    @Test
    void theyAreCopiedDeeplyAndCannotBeChanged() {
        List<Object> list = new ArrayList<>(List.of("a"));
        Map<String, Object> map = new HashMap<>(Map.of("list", list));
        Settings settings = Settings.of("p", map);
        list.add("b");
        map.put("more", 1);
        assertEquals(List.of("a"), settings.strings("list"));
        assertEquals(List.of("list"), List.copyOf(settings.keys()));
        assertThrows(UnsupportedOperationException.class, () -> settings.asMap().put("x", 1));
        assertThrows(UnsupportedOperationException.class, () -> settings.keys().clear());
        assertThrows(
                UnsupportedOperationException.class,
                () -> settings.strings("list").clear());
        assertThrows(
                UnsupportedOperationException.class, () -> settings.list("list").clear());
    }

    @Test
    void aChangeMakesNewSettings() {
        Settings changed = EMPTY.with("b", 1).with("a", 2).with("b", 3);
        assertEquals(List.of("b", "a"), List.copyOf(changed.keys()));
        assertEquals(OptionalLong.of(3), changed.integer("b", 0, 9));
        assertEquals(Map.of(), EMPTY.asMap());
        assertEquals("servers.time", changed.path());
    }

    @Test
    void equalValuesAreEqualWhereverTheyStand() {
        assertEquals(Settings.of("a", Map.of("k", 1)), Settings.of("b", Map.of("k", 1)));
        assertEquals(
                Settings.of("a", Map.of("k", 1)).hashCode(),
                Settings.of("b", Map.of("k", 1)).hashCode());
        assertNotEquals(Settings.of("a", Map.of("k", 1)), Settings.of("a", Map.of("k", 2)));
        assertNotEquals(EMPTY, (Object) Map.of());
    }

    @Test
    void theTextShowsKeysButNoValues() {
        Settings settings =
                Settings.of("servers.git", Map.of("env", Map.of("TOKEN", "hunter2"), "url", "https://u:p@h"));
        assertTrue(settings.toString().contains("env"));
        assertFalse(settings.toString().contains("hunter2"));
        assertFalse(settings.toString().contains("u:p"));
        assertFalse(settings.section("env").toString().contains("hunter2"));
    }

    @Test
    void sectionsKnowTheirPlace() {
        Settings section = Settings.of("", Map.of("a", Map.of("b", Map.of("c", 1))))
                .section("a")
                .section("b");
        assertEquals("a.b", section.path());
        assertEquals(
                "a.b.d: is required",
                assertThrows(ConfigurationException.class, () -> section.requiredString("d"))
                        .getMessage());
        assertEquals("must be an object", problem(refusal("x", s -> s.section("key"))));
    }

    private static String problem(String message) {
        return message.substring("servers.time.key: ".length());
    }

    // Unknown keys

    @Test
    void anUnknownKeyIsRefusedWithTheNearestKnownOne() {
        Settings settings = EMPTY.with("comand", "x");
        ConfigurationException refusal =
                assertThrows(ConfigurationException.class, () -> settings.allowOnly(List.of("args", "command", "env")));
        assertEquals("servers.time.comand: unknown key; did you mean 'command'?", refusal.getMessage());
        assertEquals("servers.time.comand", refusal.path());
        settings.allowOnly(List.of("comand"));
        EMPTY.allowOnly(List.of());
    }

    @ParameterizedTest
    @CsvSource({"ARGS, args", "arg, args", "environment, env", "callTimeOut, callTimeout", "timeout, callTimeout"})
    void theNearestKeyIsFoundWhateverItsCase(String key, String nearest) {
        ConfigurationException refusal = assertThrows(
                ConfigurationException.class,
                () -> EMPTY.with(key, 1).allowOnly(List.of("callTimeout", "args", "env")));
        assertTrue(refusal.getMessage().endsWith("did you mean '" + nearest + "'?"), refusal.getMessage());
    }

    @Test
    void whereNoKeyIsKnownNoneIsSuggested() {
        ConfigurationException refusal = assertThrows(ConfigurationException.class, () -> with(1).allowOnly(List.of()));
        assertEquals("unknown key; none is known here", problem(refusal.getMessage()));
    }

    // Scalars

    @Test
    void strings() {
        assertEquals(Optional.of(" x "), with(" x ").string("key"));
        assertEquals("x", with("x").requiredString("key"));
        assertEquals("must be a string", problem(refusal(1, s -> s.string("key"))));
        assertEquals("is required", problem(refusal("  ", s -> s.requiredString("key"))));
        refusal(true, s -> s.requiredString("key"));
    }

    @Test
    void flags() {
        assertEquals(Optional.of(true), with(true).flag("key"));
        assertEquals("must be true or false", problem(refusal("true", s -> s.flag("key"))));
        refusal(1, s -> s.flag("key"));
    }

    @Test
    void wholeNumbersWithinTheirRange() {
        for (Number five : List.of(5, 5L, 5.0, new BigDecimal("5.0"), BigInteger.valueOf(5))) {
            assertEquals(OptionalLong.of(5), with(five).integer("key", 5, 5));
        }
        assertEquals(OptionalLong.of(Long.MAX_VALUE), with(Long.MAX_VALUE).integer("key", 0, Long.MAX_VALUE));
        assertEquals("is 6, must be a whole number between 1 and 5", problem(refusal(6, s -> s.integer("key", 1, 5))));
        for (Object wrong :
                List.of(0, 4.5, Double.NaN, 1e300, BigInteger.TWO.pow(64), new BigDecimal("4.5"), "4", true)) {
            refusal(wrong, s -> s.integer("key", 1, 5));
        }
    }

    @Test
    void numbersWithinTheirRange() {
        assertEquals(OptionalDouble.of(0.2), with(0.2).number("key", 0, 1));
        assertEquals(OptionalDouble.of(1), with(1L).number("key", 0, 1));
        for (Object wrong : List.of(-0.1, 1.1, Double.NaN, Double.POSITIVE_INFINITY, "0.5")) {
            refusal(wrong, s -> s.number("key", 0, 1));
        }
    }

    // Spans and sizes

    @ParameterizedTest
    @CsvSource({
        "250ms, PT0.25S",
        "30s, PT30S",
        "1.5s, PT1.5S",
        "5m, PT5M",
        "2h, PT2H",
        "7d, PT168H",
        "30 s, PT30S",
        "0ms, PT0S",
        "PT30S, PT30S",
        "P1DT1H, PT25H",
        "pt1m, PT1M"
    })
    void aSpanIsWrittenWithItsUnit(String text, Duration span) {
        assertEquals(Optional.of(span), with(text).duration("key"));
    }

    @Test
    void aSpanMayBeANumberOfSecondsOrASpan() {
        assertEquals(Optional.of(Duration.ofSeconds(30)), with(30).duration("key"));
        assertEquals(Optional.of(Duration.ofMillis(1_500)), with(1.5).duration("key"));
        assertEquals(Optional.of(Duration.ofNanos(7)), with(Duration.ofNanos(7)).duration("key"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "30", "s", "-1s", "30sec", "1h30m", "5 minutes", "1e3s", "PT", "PT-5S", "-PT5S", "∞"})
    void anythingElseIsNoSpan(String text) {
        refusal(text, s -> s.duration("key"));
    }

    @Test
    void aSpanIsNeitherNegativeNorAFlag() {
        refusal(-1, s -> s.duration("key"));
        refusal(Double.NaN, s -> s.duration("key"));
        refusal(true, s -> s.duration("key"));
        refusal(List.of("1s"), s -> s.duration("key"));
    }

    @ParameterizedTest
    @CsvSource({"512B, 512", "64KiB, 65536", "64 kib, 65536", "16MiB, 16777216", "2GiB, 2147483648", "0B, 0"})
    void aSizeIsWrittenWithItsUnit(String text, long bytes) {
        assertEquals(OptionalLong.of(bytes), with(text).bytes("key"));
    }

    @Test
    void aSizeMayBeANumberOfBytes() {
        assertEquals(OptionalLong.of(4_096), with(4_096).bytes("key"));
        refusal(-1, s -> s.bytes("key"));
        refusal(1.5, s -> s.bytes("key"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "64", "64KB", "64K", "1.5MiB", "-1B", "9999999999GiB", "KiB"})
    void anythingElseIsNoSize(String text) {
        refusal(text, s -> s.bytes("key"));
    }

    // Lists and maps

    @Test
    void lists() {
        assertEquals(List.of("a", "b"), with(List.of("a", "b")).strings("key"));
        assertEquals(List.of(1, List.of(2)), with(List.of(1, List.of(2))).list("key"));
        assertEquals("must be a list of strings", problem(refusal(Arrays.asList("a", 1), s -> s.strings("key"))));
        assertEquals("must be a list", problem(refusal("a", s -> s.strings("key"))));
        refusal(Map.of(), s -> s.list("key"));
        refusal(Arrays.asList("a", null), s -> s.strings("key"));
    }

    @Test
    void mapsOfStrings() {
        assertEquals(Map.of("A", "1"), with(Map.of("A", "1")).stringMap("key"));
        assertThrows(
                UnsupportedOperationException.class,
                () -> with(Map.of("A", "1")).stringMap("key").clear());
        ConfigurationException refusal = assertThrows(
                ConfigurationException.class, () -> with(Map.of("A", 1)).stringMap("key"));
        assertEquals("servers.time.key.A: must be a string", refusal.getMessage());
        refusal(List.of(), s -> s.stringMap("key"));
    }

    @Test
    void anExplicitNullIsAbsent() {
        Map<String, Object> map = new HashMap<>();
        map.put("key", null);
        Settings settings = Settings.of("servers.time", map);
        assertEquals(Optional.empty(), settings.string("key"));
        assertEquals(Optional.empty(), settings.duration("key"));
        assertEquals(OptionalLong.empty(), settings.bytes("key"));
        assertEquals(List.of(), settings.strings("key"));
    }

    @Test
    void settingsInAListKnowTheirPlace() {
        Settings settings = Settings.of("top", Map.of("list", List.of(Map.of("a", "1"), Map.of("a", 2))));

        assertEquals(
                List.of("top.list[0]", "top.list[1]"),
                settings.sections("list").stream().map(Settings::path).toList());
        assertEquals("1", settings.sections("list").get(0).requiredString("a"));
        ConfigurationException wrong = assertThrows(
                ConfigurationException.class,
                () -> settings.sections("list").get(1).string("a"));
        assertTrue(wrong.getMessage().contains("top.list[1].a"), wrong.getMessage());
        assertEquals(List.of(), settings.sections("absent"));
    }

    @Test
    void aListOfSomethingElseHoldsNoSettings() {
        ConfigurationException wrong = assertThrows(
                ConfigurationException.class,
                () -> Settings.of("top", Map.of("list", List.of("a"))).sections("list"));

        assertTrue(wrong.getMessage().contains("top.list[0]"), wrong.getMessage());
    }

    @Test
    void whereSettingsWereReadIsKnownToAllThatIsMadeOfThem() {
        Settings read = Settings.of("a", Map.of("b", Map.of("c", 1), "list", List.of(Map.of("d", 1))))
                .readFrom(place -> " (file, " + place.length() + ")");
        assertEquals("a.x: bad (file, 3)", read.error("x", "bad").getMessage());
        assertEquals("a: bad (file, 1)", read.error("", "bad").getMessage());
        assertEquals("a.b.c: bad (file, 5)", read.section("b").error("c", "bad").getMessage());
        assertEquals(
                "a.list[0].d: bad (file, 11)",
                read.sections("list").get(0).error("d", "bad").getMessage());
        assertEquals(
                "a.n: bad (file, 3)",
                read.with("n", 1).holding(Map.of("m", 2)).error("n", "bad").getMessage());
    }

    @Test
    void whatIsTakenFromElsewhereIsNamedWhereItStands() {
        Settings block = Settings.of("a.block", Map.of("list", List.of(1)));
        Settings both = Settings.of("a", Map.of("own", 1, "list", List.of(1))).taken(List.of("list"), block);
        assertEquals("a.block.list", both.error("list", "bad").path());
        assertEquals("a.block.list[0].x", both.error("list[0].x", "bad").path());
        assertEquals("a.own", both.error("own", "bad").path());
        assertEquals("bad", both.error("own", "bad").problem());
    }
}
