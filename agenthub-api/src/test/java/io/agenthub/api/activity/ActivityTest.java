package io.agenthub.api.activity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.activity.Activity.Kind;
import io.agenthub.api.breaker.BreakerState;
import io.agenthub.api.rpc.JsonText;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ActivityTest {
    private static final Instant AT = Instant.parse("2026-11-23T12:00:00Z");

    @Test
    void whatCallersChooseIsCut() {
        Activity activity = Activity.builder(Kind.CALL, AT)
                .client("c".repeat(10_000))
                .detail("d".repeat(254) + "🚀".repeat(1_000))
                .tool("🚀".repeat(200))
                .build();
        assertEquals(Activity.MAX_NAME_LENGTH, activity.client().orElseThrow().length());
        assertEquals(
                Activity.MAX_DETAIL_LENGTH - 1, activity.detail().orElseThrow().length());
        String tool = activity.tool().orElseThrow();
        assertEquals('…', tool.charAt(tool.length() - 1));
        assertFalse(Character.isHighSurrogate(tool.charAt(tool.length() - 2)), "half a character is kept");
    }

    @Test
    void bodiesAndDetailsAreNotShown() {
        Activity activity = Activity.builder(Kind.CALL, AT)
                .detail("hunter1")
                .request(JsonText.of("\"hunter2\""))
                .response(JsonText.of("\"hunter3\""))
                .build();
        assertFalse(activity.toString().contains("hunter"), activity.toString());
    }

    @Test
    void activitiesThatDifferInWhatIsTheirOwnAreAlike() {
        Activity activity = whole().build();
        Activity other = whole().sequence(2)
                .durationNanos(3)
                .bytes(4, 5)
                .requestId("another")
                .requestHash("other")
                .request(null)
                .response(null)
                .build();
        assertTrue(activity.isAlike(other));
        assertTrue(Activity.builder(Kind.CALL, AT)
                .build()
                .isAlike(Activity.builder(Kind.CALL, Instant.EPOCH).build()));
        assertNotEquals(activity, other);
    }

    @Test
    void activitiesThatDifferInAnythingElseAreNot() {
        Activity activity = whole().build();
        List<UnaryOperator<Activity.Builder>> changes = List.of(
                builder -> builder.client("x"),
                builder -> builder.client(null),
                builder -> builder.peer("x"),
                builder -> builder.server("x"),
                builder -> builder.method("x"),
                builder -> builder.tool("x"),
                builder -> builder.era("x"),
                builder -> builder.outcome("x"),
                builder -> builder.httpStatus(500),
                builder -> builder.breaker(BreakerState.OPEN),
                builder -> builder.detail("x"));
        for (UnaryOperator<Activity.Builder> change : changes) {
            Activity changed = change.apply(whole()).build();
            assertFalse(activity.isAlike(changed), changed.toString());
            assertNotEquals(activity, changed);
        }
        assertFalse(Activity.builder(Kind.CALL, AT)
                .build()
                .isAlike(Activity.builder(Kind.ALERT, AT).build()));
    }

    private static Activity.Builder whole() {
        return Activity.builder(Kind.CALL, AT)
                .client("client")
                .peer("peer")
                .server("server")
                .method("method")
                .tool("tool")
                .era("era")
                .httpStatus(200)
                .requestId("id")
                .request(JsonText.of("1"))
                .response(JsonText.of("2"))
                .breaker(BreakerState.CLOSED)
                .detail("detail");
    }

    @Test
    void aBuilderMadeFromAnActivityMakesAnEqualOne() {
        Activity activity = Activity.builder(Kind.BREAKER, AT)
                .tool("x")
                .duration(Duration.ofMillis(3))
                .build();
        assertEquals(activity, activity.toBuilder().build());
        assertEquals(activity.hashCode(), activity.toBuilder().build().hashCode());
        assertNotEquals(activity, activity.toBuilder().sequence(1).build());
        assertThrows(IllegalArgumentException.class, () -> activity.toBuilder().httpStatus(99));
    }

    @Test
    void oneActivityIsOneLineOfJsonWhateverItsNamesHold() {
        Activity odd = Activity.builder(Kind.CALL, AT)
                .sequence(3)
                .client("a\r\nb\u001b\u2028\u202e\uD800\"\\")
                .durationNanos(1_234_567)
                .request(JsonText.of("{\n\"a\": 1}"))
                .build();
        StringBuilder out = new StringBuilder();
        ActivityFormat.JSON_LINES.write(odd, out);
        assertEquals(out.length() - 1, out.indexOf("\n"));
        assertEquals(
                "{\"sequence\":3,\"at\":\"2026-11-23T12:00:00Z\",\"kind\":\"CALL\","
                        + "\"client\":\"a\\u000d\\u000ab\\u001b\\u2028\\u202e\\ud800\\\"\\\\\",\"outcome\":\"OK\","
                        + "\"durationMs\":1.234,\"bytesIn\":0,\"bytesOut\":0,\"request\":{\"a\": 1}}\n",
                out.toString());
        assertEquals(odd.toJson().toString() + "\n", out.toString());
    }

    @ParameterizedTest
    @CsvSource({"=1+1", "+1", "-1", "@x"})
    void aFormulaIsNotOneInATable(String name) {
        StringBuilder out = new StringBuilder();
        ActivityFormat.CSV.write(Activity.builder(Kind.CALL, AT).client(name).build(), out);
        assertTrue(out.toString().contains(",\"'" + name + "\","), out.toString());
    }

    @Test
    void aTableRowIsOneLineAndQuotesAreDoubled() {
        StringBuilder out = new StringBuilder();
        ActivityFormat.CSV.write(
                Activity.builder(Kind.CALL, AT).client("a,\"b\"\r\nc").build(), out);
        assertTrue(out.toString().contains(",\"a,\"\"b\"\"\\u000d\\u000ac\","), out.toString());
        assertEquals(out.length() - 2, out.indexOf("\r\n"));
        assertEquals(
                ActivityFormat.CSV.header().split(",", -1).length,
                out.toString().replace("a,", "a").split(",", -1).length);
    }

    @Test
    void aQueryIsReadFromTheParametersOfAUrl() {
        ActivityQuery query = ActivityQuery.of(Map.of(
                "kind",
                "call,breaker",
                "from",
                "2026-11-23T12:00:00+01:00",
                "status",
                "4xx",
                "server",
                "time",
                "tool",
                "",
                "limit",
                "7",
                "before",
                "99",
                "counted",
                "false"));
        assertEquals(
                ActivityQuery.builder()
                        .kinds(Kind.CALL, Kind.BREAKER)
                        .from(Instant.parse("2026-11-23T11:00:00Z"))
                        .status(400, 499)
                        .server("time")
                        .limit(7)
                        .before(99)
                        .counted(false)
                        .build(),
                query);
        assertEquals(404, ActivityQuery.of(Map.of("status", "404")).mostStatus().orElse(0));
        assertEquals(
                510, ActivityQuery.of(Map.of("status", "404-510")).mostStatus().orElse(0));
    }

    @ParameterizedTest
    @CsvSource({
        "kind,CALLS",
        "from,yesterday",
        "until,2026-11-23",
        "status,44x",
        "status,9999",
        "limit,many",
        "limit,0",
        "limit,1001",
        "limit,99999999999",
        "limit,-4294967290",
        "before,1.5",
        "counted,yes",
        "servers,time"
    })
    void aWrongParameterIsRefusedWithoutRepeatingItsValue(String name, String value) {
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> ActivityQuery.of(Map.of(name, value)));
        assertTrue(value.equals("0") || !refusal.getMessage().contains(value), refusal.getMessage());
    }

    @Test
    void pagesStatisticsAndFindingsAreJson() {
        Activity activity = Activity.builder(Kind.CALL, AT).sequence(5).build();
        assertEquals(
                "{\"activities\":[" + activity.toJson() + "],\"next\":5,\"total\":9,\"totalIsExact\":true}",
                new ActivityPage(List.of(activity), OptionalLong.of(5), OptionalLong.of(9), true)
                        .toJson()
                        .toString());
        ChainHead head = new ChainHead(5, AT, "ab".repeat(32));
        assertEquals(head, ChainHead.parse(head.toString()));
        JsonText finding = new Verification(
                        5,
                        Optional.of(new Verification.Fault(3, Verification.Problem.CHANGED)),
                        Optional.of(head),
                        Optional.empty(),
                        2)
                .toJson();
        assertEquals("false", finding.member("intact").orElseThrow().toString());
        assertEquals("3", finding.at("/fault/sequence").orElseThrow().toString());
        assertEquals("5", finding.at("/anchor/sequence").orElseThrow().toString());
        JsonText stats = new ActivityStats(
                        1,
                        2,
                        3,
                        new ActivityStats.Latency(
                                Duration.ofMillis(1),
                                Duration.ofNanos(1_500_000),
                                Duration.ofMillis(2),
                                Duration.ofSeconds(1)),
                        Map.of("OK", 1L),
                        Map.of(),
                        Map.of("a\"b", 2L),
                        List.of(new ActivityStats.ToolUse("s", "t", 4, 1, Duration.ofMillis(9))),
                        List.of(new ActivityStats.Slot(AT, 6, 2)))
                .toJson();
        assertEquals("1.500", stats.at("/latencyMs/p95").orElseThrow().toString());
        assertEquals("{}", stats.member("servers").orElseThrow().toString());
        assertEquals(
                Set.of("a\"b"), stats.member("clients").orElseThrow().members().keySet());
        assertEquals("9.000", stats.at("/tools/0/meanMs").orElseThrow().toString());
        assertEquals("6", stats.at("/series/0/count").orElseThrow().toString());
    }

    @ParameterizedTest
    @CsvSource({"1 2026-11-23T12:00:00Z", "x 2026-11-23T12:00:00Z ab", "1 noon ab", "1 2026-11-23T12:00:00Z ab"})
    void aHeadThatIsNoneIsRefused(String line) {
        assertThrows(IllegalArgumentException.class, () -> ChainHead.parse(line));
    }
}
