package io.agenthub.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.activity.Activity;
import io.agenthub.api.activity.Activity.Kind;
import io.agenthub.api.activity.ActivityFormat;
import io.agenthub.api.activity.ActivityPage;
import io.agenthub.api.activity.ActivityQuery;
import io.agenthub.api.activity.ActivityStats;
import io.agenthub.api.activity.ActivityStore;
import io.agenthub.api.rpc.JsonText;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every {@link ActivityStore} that can be queried answers: pages, totals, statistics and exports, each compared with a
 * plain walk through the same {@value #COUNT} activities. One instance of the class runs all tests.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class ActivityStoreQueryTck {
    private static final int COUNT = 1_500;
    private static final List<Kind> KINDS = List.of(Kind.values());
    private static final Instant START = Instant.parse("2026-11-23T09:07:13Z");

    /** Filled by the first test and read by all, until one changes it. */
    private @Nullable ActivityStore filled;

    private ActivityStore store;
    private List<Activity> newestFirst;

    /** For subclasses. */
    protected ActivityStoreQueryTck() {}

    /**
     * Makes the store under test.
     *
     * @return a new, empty store, not yet opened, that keeps at least 10,000 activities, however old they
     *     are; the tests close it, before they ask for another one
     */
    protected abstract ActivityStore newStore();

    @BeforeEach
    final void fill() {
        if (filled != null) {
            return;
        }
        store = newStore();
        Await.value(store.open());
        Random random = new Random(Long.getLong("agenthub.test.seed", 7));
        List<Activity> appended = new ArrayList<>();
        List<CompletionStage<Long>> stages = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            Activity activity = activity(random, i);
            stages.add(store.append(activity));
            appended.add(activity.toBuilder().sequence(i + 1).build());
        }
        stages.forEach(Await::value);
        Collections.reverse(appended);
        newestFirst = appended;
        filled = store;
    }

    /** Also the end of a test after which the others need another store. */
    @AfterAll
    final void close() {
        if (store != null) {
            filled = null;
            store.closeAsync().toCompletableFuture().join();
        }
    }

    /** Time goes on by three minutes each, through four days, and now and then back by up to half an hour. */
    private static Activity activity(Random random, int i) {
        Instant at = START.plusSeconds(180L * i - (random.nextInt(20) == 0 ? random.nextInt(1_800) : 0));
        Kind kind = random.nextInt(10) == 0 ? KINDS.get(random.nextInt(KINDS.size())) : Kind.CALL;
        int end = random.nextInt(10);
        Activity.Builder activity = Activity.builder(kind, at)
                .server("server-" + random.nextInt(3))
                .method(random.nextBoolean() ? "tools/call" : "tools/list")
                .outcome(end < 7 ? Activity.OK : end < 9 ? Activity.ERROR : "DEADLINE")
                .bytes(random.nextInt(5_000), random.nextInt(50_000))
                .durationNanos((long) Math.exp(random.nextDouble() * 20 + 5));
        if (random.nextInt(4) > 0) {
            activity.client("client_" + random.nextInt(4)).httpStatus(random.nextInt(3) == 0 ? 503 : 200);
        }
        if (random.nextInt(3) > 0) {
            activity.tool("tool%" + random.nextInt(6)).requestId(String.valueOf(random.nextInt(100)));
        }
        if (end > 7) {
            activity.detail("The child said 100% \"nothing\" at step " + i);
        }
        return activity.build();
    }

    static Stream<ActivityQuery> queries() {
        Instant early = START.plus(Duration.ofMinutes(61));
        Instant late = START.plus(Duration.ofMinutes(607));
        Instant last = START.plus(Duration.ofMinutes(4_207));
        return Stream.of(
                        ActivityQuery.builder(),
                        ActivityQuery.builder().kinds(Kind.SERVER),
                        ActivityQuery.builder().kinds(Kind.CALL, Kind.BREAKER),
                        ActivityQuery.builder().from(early),
                        ActivityQuery.builder().until(late),
                        ActivityQuery.builder().from(early).until(late),
                        ActivityQuery.builder().from(early).until(last),
                        ActivityQuery.builder().client("client_1").from(early).until(last),
                        ActivityQuery.builder()
                                .client("client_1")
                                .outcome("DEADLINE")
                                .from(early)
                                .until(last),
                        ActivityQuery.builder().text("client_3").from(early).until(last),
                        ActivityQuery.builder().from(late).until(early),
                        ActivityQuery.builder().until(Instant.parse("2300-01-01T00:00:00Z")),
                        ActivityQuery.builder().from(Instant.parse("1600-01-01T00:00:00Z")),
                        ActivityQuery.builder().from(Instant.MIN).until(Instant.MAX),
                        ActivityQuery.builder().from(Instant.parse("9999-01-01T00:00:00Z")),
                        ActivityQuery.builder().from(START.plus(Duration.ofDays(365))),
                        ActivityQuery.builder().until(START.minus(Duration.ofDays(365))),
                        ActivityQuery.builder().client("client_2"),
                        ActivityQuery.builder().client("clientX2"),
                        ActivityQuery.builder().server("server-1"),
                        ActivityQuery.builder().server("SERVER-1"),
                        ActivityQuery.builder().method("tools/list"),
                        ActivityQuery.builder().tool("tool%3"),
                        ActivityQuery.builder().outcome("DEADLINE"),
                        ActivityQuery.builder().status(500, 599),
                        ActivityQuery.builder().status(200, 200),
                        ActivityQuery.builder().status(201, 502),
                        ActivityQuery.builder().requestId("42"),
                        ActivityQuery.builder().text("OOL%4"),
                        ActivityQuery.builder().text("ool_4"),
                        ActivityQuery.builder().text("100% \"Noth"),
                        ActivityQuery.builder().text("at step 12"),
                        ActivityQuery.builder().text("s"),
                        ActivityQuery.builder().text("deadline"),
                        ActivityQuery.builder().text("client_"),
                        ActivityQuery.builder().text("' OR 1=1 --"),
                        ActivityQuery.builder().server("server-0").from(early).until(late),
                        ActivityQuery.builder()
                                .kinds(Kind.CALL)
                                .server("server-2")
                                .client("client_0")
                                .method("tools/call")
                                .tool("tool%1"),
                        ActivityQuery.builder()
                                .outcome(Activity.ERROR)
                                .status(200, 200)
                                .text("child")
                                .from(early))
                .map(ActivityQuery.Builder::build);
    }

    @ParameterizedTest
    @MethodSource("queries")
    void aPageHoldsTheNewestThatMatch(ActivityQuery query) {
        ActivityPage page = find(query);
        List<Activity> expected = matching(query);
        assertEquals(expected.stream().limit(50).toList(), page.activities());
        assertEquals(expected.size(), page.total().orElse(-1));
        assertTrue(page.totalIsExact());
        assertEquals(expected.size() > 50, page.next().isPresent());
    }

    @ParameterizedTest
    @MethodSource("queries")
    void pagesTogetherHoldEachMatchOnce(ActivityQuery query) {
        List<Activity> read = new ArrayList<>();
        Optional<ActivityQuery> next =
                Optional.of(query.toBuilder().limit(97).counted(false).build());
        while (next.isPresent()) {
            ActivityPage page = find(next.get());
            read.addAll(page.activities());
            next = next.get().after(page);
        }
        assertEquals(matching(query), read);
    }

    @ParameterizedTest
    @MethodSource("queries")
    void statisticsCountTheSame(ActivityQuery query) {
        Duration step = Duration.ofMinutes(7);
        ActivityStats expected = new MemoryStatistics(query, step).of(newestFirst);
        ActivityStats stats = Await.value(store.statistics(query, step));
        assertEquals(expected.total(), stats.total());
        assertEquals(expected.bytesIn(), stats.bytesIn());
        assertEquals(expected.bytesOut(), stats.bytesOut());
        assertEquals(entries(expected.outcomes()), entries(stats.outcomes()));
        assertEquals(entries(expected.servers()), entries(stats.servers()));
        assertEquals(entries(expected.clients()), entries(stats.clients()));
        assertEquals(expected.series(), stats.series());
        for (Duration longer : List.of(Duration.ofHours(2), Duration.ofDays(1))) {
            assertEquals(
                    new MemoryStatistics(query, longer).of(newestFirst).series(),
                    Await.value(store.statistics(query, longer)).series());
        }
        assertClose("p50", expected.latency().p50(), stats.latency().p50());
        assertClose("p95", expected.latency().p95(), stats.latency().p95());
        assertClose("p99", expected.latency().p99(), stats.latency().p99());
        assertClose("max", expected.latency().max(), stats.latency().max());
        assertTools(expected.tools(), stats.tools());
    }

    private static List<?> entries(java.util.Map<String, Long> counts) {
        return List.copyOf(counts.entrySet());
    }

    private static void assertTools(List<ActivityStats.ToolUse> expected, List<ActivityStats.ToolUse> tools) {
        assertEquals(expected.size(), tools.size());
        for (int i = 0; i < tools.size(); i++) {
            ActivityStats.ToolUse wanted = expected.get(i);
            ActivityStats.ToolUse use = tools.get(i);
            assertEquals(wanted.server() + "/" + wanted.tool(), use.server() + "/" + use.tool());
            assertEquals(wanted.calls(), use.calls());
            assertEquals(wanted.failures(), use.failures());
            assertClose("mean", wanted.mean(), use.mean());
        }
    }

    private static void assertClose(String what, Duration expected, Duration actual) {
        long allowed = expected.toNanos() / 25 + 1_000;
        assertTrue(
                Math.abs(expected.toNanos() - actual.toNanos()) <= allowed,
                () -> what + " is " + actual + ", expected " + expected);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 60, 3_600, 86_400})
    void theSeriesFollowsItsStepAndKeepsTheNewestSlots(int seconds) {
        Duration step = Duration.ofSeconds(seconds);
        List<ActivityStats.Slot> series =
                Await.value(store.statistics(ActivityQuery.ALL, step)).series();
        assertEquals(
                new MemoryStatistics(ActivityQuery.ALL, step).of(newestFirst).series(), series);
        assertTrue(series.size() <= ActivityStats.MAX_SLOTS);
    }

    @Test
    void aStepOutOfRangeIsRefusedAtOnce() {
        for (Duration step : List.of(Duration.ZERO, Duration.ofMillis(1_500), Duration.ofDays(2))) {
            assertThrows(IllegalArgumentException.class, () -> store.statistics(ActivityQuery.ALL, step));
        }
    }

    @Test
    void aPageIsNotDisturbedByWhatIsAppendedMeanwhile() {
        ActivityQuery query = ActivityQuery.builder().limit(COUNT - 500).build();
        ActivityPage first = find(query);
        Await.value(store.append(Activity.builder(Kind.CALL, START).build()));
        List<Activity> both = new ArrayList<>(first.activities());
        both.addAll(find(query.after(first).orElseThrow()).activities());
        close();
        assertEquals(newestFirst, both);
    }

    @Test
    void theTotalIsThatOfAllPages() {
        ActivityQuery query = ActivityQuery.builder().before(10).build();
        ActivityPage page = find(query);
        assertEquals(9, page.activities().size());
        assertEquals(COUNT, page.total().orElse(-1));
        assertTrue(find(query.toBuilder().counted(false).build()).total().isEmpty());
    }

    @ParameterizedTest
    @MethodSource("queries")
    void anExportHoldsEveryMatchInOrder(ActivityQuery query) {
        Lines lines = new Lines(Long.MAX_VALUE);
        store.export(query, ActivityFormat.JSON_LINES).subscribe(lines);
        lines.awaitEnd();
        List<Long> sequences = lines.text()
                .lines()
                .map(line -> Long.valueOf(
                        JsonText.of(line).member("sequence").orElseThrow().toString()))
                .toList();
        assertEquals(matching(query).stream().map(Activity::sequence).toList(), sequences);
    }

    @Test
    void aTableHasAHeaderAndALinePerActivity() {
        Lines lines = new Lines(Long.MAX_VALUE);
        store.export(ActivityQuery.ALL, ActivityFormat.CSV).subscribe(lines);
        lines.awaitEnd();
        List<String> rows = Arrays.asList(lines.text().split("\r\n"));
        assertEquals(COUNT + 1, rows.size());
        assertTrue(rows.get(0).startsWith("sequence,at,kind,client,"), rows.get(0));
        assertTrue(rows.get(1).startsWith(COUNT + ","), rows.get(1));
    }

    @Test
    void anExportGivesNoMoreThanWasAskedFor() {
        Lines lines = new Lines(0);
        store.export(ActivityQuery.ALL, ActivityFormat.JSON_LINES).subscribe(lines);
        Await.never(Duration.ofMillis(20), "an element without a request", () -> lines.elements.get() > 0);
        lines.subscription.request(2);
        Await.until("two elements", () -> lines.elements.get() == 2);
        Await.never(Duration.ofMillis(20), "a third element", () -> lines.elements.get() > 2);
        lines.subscription.cancel();
        lines.subscription.request(5);
        Await.never(
                Duration.ofMillis(20), "an element after the cancel", () -> lines.elements.get() > 2 || lines.ended);
    }

    @Test
    void anExportBegunTwiceBeginsTwice() {
        Flow.Publisher<ByteBuffer> export =
                store.export(ActivityQuery.builder().server("server-1").build(), ActivityFormat.JSON_LINES);
        Lines first = new Lines(Long.MAX_VALUE);
        Lines second = new Lines(Long.MAX_VALUE);
        export.subscribe(first);
        export.subscribe(second);
        first.awaitEnd();
        second.awaitEnd();
        assertEquals(first.text(), second.text());
    }

    @Test
    void aRequestOfNothingFailsTheExport() {
        Lines lines = new Lines(0);
        store.export(ActivityQuery.ALL, ActivityFormat.JSON_LINES).subscribe(lines);
        lines.subscription.request(0);
        Await.until("the end", () -> lines.ended);
        assertInstanceOf(IllegalArgumentException.class, lines.failure);
    }

    @Test
    void anExportFromAClosedStoreFails() {
        close();
        Lines lines = new Lines(1);
        store.export(ActivityQuery.ALL, ActivityFormat.JSON_LINES).subscribe(lines);
        Await.until("the end", () -> lines.ended);
        assertInstanceOf(io.agenthub.api.AgentHubException.class, lines.failure);
    }

    @Test
    void queriesFromManyThreadsGetTheirOwnAnswers() {
        List<ActivityQuery> queries = queries().toList();
        List<CompletionStage<ActivityPage>> stages = new ArrayList<>();
        for (ActivityQuery query : queries) {
            stages.add(store.find(query));
        }
        Set<Integer> wrong = new HashSet<>();
        for (int i = 0; i < stages.size(); i++) {
            if (Await.value(stages.get(i)).total().orElse(-1)
                    != matching(queries.get(i)).size()) {
                wrong.add(i);
            }
        }
        assertEquals(Set.of(), wrong);
    }

    private ActivityPage find(ActivityQuery query) {
        return Await.value(store.find(query));
    }

    private List<Activity> matching(ActivityQuery query) {
        return newestFirst.stream().filter(query::matches).toList();
    }

    /** Collects an export. */
    private static final class Lines implements Flow.Subscriber<ByteBuffer> {
        private final long initial;
        private final StringBuilder text = new StringBuilder();
        private final AtomicInteger elements = new AtomicInteger();
        private volatile Flow.Subscription subscription;
        private volatile boolean ended;
        private volatile Throwable failure;

        Lines(long initial) {
            this.initial = initial;
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            if (initial > 0) {
                given.request(initial);
            }
        }

        @Override
        public void onNext(ByteBuffer lines) {
            synchronized (text) {
                text.append(StandardCharsets.UTF_8.decode(lines));
            }
            elements.incrementAndGet();
        }

        @Override
        public void onError(Throwable cause) {
            failure = cause;
            ended = true;
        }

        @Override
        public void onComplete() {
            ended = true;
        }

        void awaitEnd() {
            Await.until("the end of the export", () -> ended);
            if (failure != null) {
                throw new AssertionError("the export failed", failure);
            }
        }

        String text() {
            synchronized (text) {
                return text.toString();
            }
        }
    }
}
