package io.agenthub.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.AgentHubException;
import io.agenthub.api.ErrorKind;
import io.agenthub.api.activity.Activity;
import io.agenthub.api.activity.Activity.Kind;
import io.agenthub.api.activity.ActivityPage;
import io.agenthub.api.activity.ActivityQuery;
import io.agenthub.api.activity.ActivityStore;
import io.agenthub.api.activity.ChainHead;
import io.agenthub.api.activity.Retention;
import io.agenthub.api.activity.Verification;
import io.agenthub.api.activity.Verification.Problem;
import io.agenthub.api.breaker.BreakerState;
import io.agenthub.api.rpc.JsonText;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every {@link ActivityStore} does, beyond {@link ActivityStoreQueryTck}: order, keeping, removing, the chain, and the
 * manners of its stages.
 */
public abstract class ActivityStoreTck extends ActivityStoreFixture {
    /** For subclasses. */
    protected ActivityStoreTck() {}

    @Test
    void sequencesRiseByOneFromOne() {
        assertEquals(1, append(call().build()));
        assertEquals(2, append(call().build()));
        assertEquals(3, append(call().build()));
    }

    @Test
    void theSequenceOfWhatIsAppendedIsIgnored() {
        assertEquals(1, append(call().sequence(77).build()));
        assertEquals(1, newest().sequence());
    }

    @Test
    void theRequestHashOfWhatIsAppendedIsIgnored() {
        append(call().requestHash("0123456789abcdef0123456789abcdef").build());
        assertEquals(Optional.empty(), newest().requestHash());
    }

    @Test
    void anActivityOfAnyTimeIsKeptAndHarmsNoOther() {
        List<Instant> times = List.of(
                Instant.parse("1500-01-01T00:00:00.000001Z"),
                Instant.parse("2500-01-01T00:00:00.000001Z"),
                Instant.parse("9999-12-31T23:59:59.999999Z"));
        for (Instant at : times) {
            append(Activity.builder(Kind.CALL, at).build());
            assertEquals(at, newest().at());
            append(Activity.builder(Kind.CALL, at).detail("why").build());
            assertEquals(at, newest().at());
        }
        append(Activity.builder(Kind.CALL, Instant.MAX).build());
        append(Activity.builder(Kind.CALL, Instant.MIN).detail("why").build());
        append(call().build());
        assertEquals(NOON, newest().at());
        assertEquals(
                9,
                Await.value(store.find(ActivityQuery.builder().build()))
                        .activities()
                        .size());
        ActivityQuery query = ActivityQuery.builder()
                .from(NOON.minusSeconds(1))
                .until(NOON.plusSeconds(1))
                .build();
        assertEquals(
                1, Await.value(store.statistics(query, Duration.ofSeconds(1))).total());
    }

    @Test
    void whatWasAppendedIsFoundWithEveryPart() {
        Activity whole = Activity.builder(Kind.CALL, NOON)
                .client("Claude Desktop")
                .peer("127.0.0.1")
                .server("time")
                .method("tools/call")
                .tool("now")
                .era("modern")
                .outcome("BREAKER_OPEN")
                .httpStatus(503)
                .durationNanos(1_234_567)
                .bytes(17, Integer.MAX_VALUE + 5L)
                .requestId("\"a-1\"")
                .breaker(BreakerState.HALF_OPEN)
                .detail("Refused; try again in 3 s")
                .build();
        append(whole);
        assertEquals(whole.toBuilder().sequence(1).build(), newest());
    }

    @Test
    void whatIsAbsentStaysAbsent() {
        Activity bare = Activity.builder(Kind.SERVER, NOON).build();
        append(bare);
        assertEquals(bare.toBuilder().sequence(1).build(), newest());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "'; DROP TABLE activity; --",
                "line\nbreak\r\u001b[31m",
                "50% _off_ \\ back",
                "grün 字 \uD83D\uDE80",
                "null",
                "a\tb\"c"
            })
    void namesAreKeptAsTheyAre(String name) {
        Activity odd =
                call().client(name).tool(name).detail(name).requestId(name).build();
        append(odd);
        assertEquals(odd.toBuilder().sequence(1).build(), newest());
        assertEquals(
                1, find(ActivityQuery.builder().tool(name).build()).activities().size());
    }

    @Test
    void charactersThatNoEncodingHasCostNoActivity() {
        append(call().client("a\u0000b").tool("x\uD800y").build());
        assertEquals(1, find(ActivityQuery.ALL).activities().size());
        assertTrue(verify(List.of()).intact());
    }

    @Test
    void activitiesOfOneThreadKeepTheirOrderAmongManyThreads() throws InterruptedException {
        List<CompletionStage<Long>> stages = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            String client = "thread-" + t;
            threads.add(new Thread(() -> {
                for (int i = 0; i < 250; i++) {
                    CompletionStage<Long> stage =
                            store.append(call().client(client).bytes(i, 0).build());
                    synchronized (stages) {
                        stages.add(stage);
                    }
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(
                LongStream.rangeClosed(1, 1_000).boxed().toList(),
                stages.stream().map(Await::value).sorted().toList());
        for (int t = 0; t < 4; t++) {
            List<Activity> newestFirst = find(ActivityQuery.builder()
                            .client("thread-" + t)
                            .limit(1_000)
                            .build())
                    .activities();
            assertEquals(
                    IntStream.range(0, 250).mapToObj(i -> 249L - i).toList(),
                    newestFirst.stream().map(Activity::bytesIn).toList());
        }
    }

    @Test
    void whatIsRecordedIsKeptLikeWhatIsAppendedAndInTheSameOrder() {
        AtomicInteger lost = new AtomicInteger();
        store.record(call().tool("first").build(), lost::incrementAndGet);
        long second = append(call().tool("second").build());
        store.record(call().tool("third").requestId("3").build(), lost::incrementAndGet);
        assertEquals(2, second);
        assertEquals(4, append(call().tool("fourth").build()));
        assertEquals(
                List.of("fourth", "third", "second", "first"),
                all().stream().map(activity -> activity.tool().orElseThrow()).toList());
        assertEquals(0, lost.get());
    }

    @Test
    void whatIsRecordedTooLateIsToldOnce() {
        Await.value(store.closeAsync());
        AtomicInteger lost = new AtomicInteger();
        store.record(call().build(), lost::incrementAndGet);
        Await.until("the loss is told", () -> lost.get() > 0);
        assertEquals(1, lost.get());
    }

    @Test
    void orderGoesBySequenceNotByTime() {
        append(call().build());
        append(Activity.builder(Kind.CALL, NOON.minusSeconds(86_400)).build());
        append(Activity.builder(Kind.CALL, NOON.plusSeconds(1)).build());
        assertEquals(
                List.of(3L, 2L, 1L),
                find(ActivityQuery.ALL).activities().stream()
                        .map(Activity::sequence)
                        .toList());
    }

    @Test
    void cancellingAnAppendDoesNotTakeTheActivityBack() {
        CompletableFuture<Long> stage =
                store.append(call().tool("kept").build()).toCompletableFuture();
        boolean cancelled = stage.cancel(true);
        append(call().build());
        assertEquals(
                1,
                find(ActivityQuery.builder().tool("kept").build()).activities().size());
        if (cancelled) {
            assertThrows(CancellationException.class, stage::join);
        }
    }

    @Test
    void cleanupByAgeRemovesWhatIsOlder() {
        Instant now = Instant.now();
        append(Activity.builder(Kind.CALL, now.minus(Duration.ofDays(3))).build());
        append(Activity.builder(Kind.CALL, now.minus(Duration.ofDays(2))).build());
        append(Activity.builder(Kind.CALL, now).build());
        assertEquals(2, Await.value(store.cleanup(Retention.ofAge(Duration.ofDays(1)))));
        assertEquals(
                List.of(3L),
                find(ActivityQuery.ALL).activities().stream()
                        .map(Activity::sequence)
                        .toList());
        assertEquals(0, Await.value(store.cleanup(Retention.ofAge(Duration.ofDays(1)))));
        assertEquals(1, find(ActivityQuery.ALL).total().orElse(-1));
    }

    @Test
    void cleanupBySizeRemovesTheOldest() {
        fill(2_000);
        long removed = Await.value(store.cleanup(Retention.ofBytes(64 * 1_024)));
        assertTrue(removed > 0, "removed " + removed);
        assertTrue(store.status().bytes() <= 64 * 1_024 * 2, () -> "still " + store.status());
        List<Activity> left = all();
        assertEquals(2_000 - removed, left.size());
        assertTrue(
                left.stream().allMatch(activity -> activity.sequence() > removed),
                "the newest " + left.size() + " stay");
    }

    @Test
    void cleanupThatKeepsEverythingRemovesNothing() {
        fill(10);
        assertEquals(0, Await.value(store.cleanup(Retention.FOREVER)));
        assertEquals(10, all().size());
    }

    @Test
    void clearRemovesAllAndUsesNoSequenceAgain() {
        fill(10);
        assertEquals(10, Await.value(store.clear()));
        assertEquals(List.of(), all());
        assertEquals(0, find(ActivityQuery.ALL).total().orElse(-1));
        assertEquals(
                0,
                Await.value(store.statistics(ActivityQuery.ALL, Duration.ofHours(1)))
                        .total());
        assertEquals(11, append(call().build()));
        assertEquals(0, Await.value(store.cleanup(Retention.ofAge(Duration.ofDays(36_500)))));
    }

    @Test
    void theChainIsIntactThroughAppendsCleanupsAndClears() {
        fill(100);
        assertTrue(verify(List.of()).intact());
        append(Activity.builder(Kind.CALL, Instant.now()).build());
        Await.value(store.cleanup(Retention.ofAge(Duration.ofHours(1))));
        Verification pruned = verify(List.of());
        assertTrue(pruned.intact(), pruned::toString);
        assertEquals(1, pruned.checked());
        Await.value(store.clear());
        fill(3);
        Verification cleared = verify(List.of());
        assertTrue(cleared.intact(), cleared::toString);
        assertEquals(3, cleared.checked());
    }

    @Test
    void aHeadThatWasKeptElsewhereIsRecognised() {
        if (!keepsChain()) {
            assertEquals(Optional.empty(), verify(List.of()).head());
            return;
        }
        fill(5);
        ChainHead early = verify(List.of()).head().orElseThrow();
        fill(5);
        Verification verification = verify(List.of(early));
        assertTrue(verification.intact(), verification::toString);
        assertTrue(verification.headsChecked() >= 1, "with the one that was given; a store may know more by itself");
        assertEquals(10, verification.head().orElseThrow().sequence());
        assertEquals(verification.head(), store.status().head());
    }

    @Test
    void aForeignHeadIsNotRecognised() {
        if (!keepsChain()) {
            return;
        }
        fill(5);
        Verification rewritten = verify(List.of(new ChainHead(4, NOON, "0".repeat(64))));
        assertEquals(Problem.REWRITTEN, rewritten.fault().orElseThrow().problem());
        Verification truncated = verify(List.of(new ChainHead(9, NOON, "0".repeat(64))));
        assertEquals(
                new Verification.Fault(6, Problem.MISSING), truncated.fault().orElseThrow());
    }

    @Test
    void statusCountsWhatWasWritten() {
        fill(7);
        assertEquals(7, store.status().written());
        assertEquals(0, store.status().dropped());
        assertEquals(0, store.status().queued());
        assertTrue(store.status().bytes() > 0);
        assertEquals(Optional.empty(), store.status().problem());
    }

    @Test
    void bodiesNeverComeBackWithTheirSecrets() {
        append(call().request(JsonText.of("{\"password\":\"hunter2hunter2\"}")).build());
        newest().request()
                .ifPresent(body -> assertFalse(body.toString().contains("hunter2") && keepsChain(), body.toString()));
    }

    @Test
    void aStoreIsOpenedOnce() {
        assertNotNull(Await.failure(store.open()));
        assertEquals(1, append(call().build()));
    }

    @Test
    void beforeItIsOpenedNothingIsAccepted() {
        ActivityStore unopened = newStore();
        try {
            assertNotNull(Await.failure(unopened.append(call().build())));
            assertNotNull(Await.failure(unopened.find(ActivityQuery.ALL)));
        } finally {
            unopened.closeAsync().toCompletableFuture().join();
        }
    }

    @Test
    void aStoreThatWasNeverOpenedCloses() {
        ActivityStore unopened = newStore();
        Await.value(unopened.closeAsync());
        assertNotNull(Await.failure(unopened.open()));
    }

    @Test
    void closingIsIdempotentAndGivesTheSameStage() {
        CompletionStage<Void> first = store.closeAsync();
        assertSame(first, store.closeAsync());
        Await.value(first);
    }

    @Test
    void whatWasAcceptedBeforeClosingIsStillKept() {
        List<CompletionStage<Long>> stages = IntStream.range(0, 500)
                .mapToObj(i -> store.append(call().build()))
                .toList();
        Await.value(store.closeAsync());
        assertEquals(500, stages.stream().map(Await::value).distinct().count());
    }

    @Test
    void afterClosingEveryOperationFailsInItsStage() {
        Await.value(store.closeAsync());
        Stream.<CompletionStage<?>>of(
                        store.append(call().build()),
                        store.find(ActivityQuery.ALL),
                        store.statistics(ActivityQuery.ALL, Duration.ofHours(1)),
                        store.verify(List.of()),
                        store.cleanup(Retention.DEFAULT),
                        store.clear())
                .forEach(stage -> assertEquals(
                        ErrorKind.SHUTTING_DOWN,
                        Await.failure(AgentHubException.class, stage).kind()));
        assertNotNull(store.status());
    }

    @Test
    void onlyTheStoreCompletesItsStages() {
        CompletableFuture<Long> appended = store.append(call().build()).toCompletableFuture();
        assertThrows(UnsupportedOperationException.class, () -> appended.complete(5L));
        CompletableFuture<ActivityPage> found = store.find(ActivityQuery.ALL).toCompletableFuture();
        assertThrows(
                UnsupportedOperationException.class, () -> found.completeExceptionally(new IllegalStateException()));
        assertEquals(1, appended.join());
        assertInstanceOf(ActivityPage.class, found.join());
    }

    @Test
    void nullIsRefusedAtOnce() {
        assertThrows(NullPointerException.class, () -> store.append(null));
        assertThrows(NullPointerException.class, () -> store.record(null, () -> {}));
        assertThrows(NullPointerException.class, () -> store.find(null));
        assertThrows(NullPointerException.class, () -> store.statistics(null, Duration.ofHours(1)));
        assertThrows(NullPointerException.class, () -> store.verify(null));
        assertThrows(NullPointerException.class, () -> store.cleanup(null));
    }
}
