package io.agenthub.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.activity.Activity;
import io.agenthub.api.activity.Activity.Kind;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.tck.Await;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PendingQueueTest {
    private static final int WHOLE = 1_024;
    private static final int MANY_BYTES = 256 * 1_024;

    private final Preparation preparation = new Preparation(StoreOptions.DEFAULT);
    private final PendingQueue queue = new PendingQueue(StoreOptions.DEFAULT, preparation, () -> Instant.EPOCH);

    @BeforeEach
    void open() {
        preparation.with(new byte[32]);
    }

    private void add(int bytes) {
        Activity activity = Activity.builder(Kind.CALL, Instant.EPOCH)
                .request(JsonText.quote("x".repeat(bytes - 2)))
                .response(JsonText.quote("y".repeat(bytes)))
                .build();
        assertTrue(queue.add(activity, null, () -> {}));
    }

    private void addNumbered(int first, int count) {
        for (int i = first; i < first + count; i++) {
            Activity activity = Activity.builder(Kind.CALL, Instant.EPOCH)
                    .requestId(Integer.toString(i))
                    .build();
            assertTrue(queue.add(activity, null, () -> {}));
        }
    }

    private List<Integer> numbers(List<Pending> taken) {
        return taken.stream()
                .map(pending -> Integer.valueOf(Objects.requireNonNull(EntryDraft.of(entry(pending)).requestId)))
                .toList();
    }

    private Entry entry(Pending pending) {
        Bytes own = new Bytes(128);
        Shape shape = pending.pack(preparation, own);
        return new Entry(shape, pending.micros(), own.copy());
    }

    private static List<Integer> range(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }

    private static long held(List<Pending> taken) {
        return taken.stream().mapToLong(Pending::bodyBytes).sum();
    }

    @Test
    void whatIsAppendedWaitsForTheWriterWhileFewDo() {
        add(16);
        add(16 * 1_024);
        assertEquals(16 * 1_024 + 16, held(queue.take(WHOLE, Long.MAX_VALUE)));
    }

    @Test
    void howeverManyShortRequestsComeFewAreHeld() {
        for (int i = 0; i < 20_000; i++) {
            add(16);
        }
        List<Pending> taken = queue.take(20_000, Long.MAX_VALUE);
        assertEquals(20_000, taken.size());
        assertEquals(8_192 * 16, held(taken));
    }

    @Test
    void howeverManyLongRequestsComeFewAreHeld() {
        for (int i = 0; i < 1_000; i++) {
            add(16 * 1_024);
        }
        List<Pending> taken = queue.take(WHOLE, Long.MAX_VALUE);
        assertEquals(1_000, taken.size());
        assertEquals(MANY_BYTES, held(taken));
    }

    @Test
    void whatTakesLongIsLeftToTheWriterEvenThen() {
        add(MANY_BYTES);
        add(65 * 1_024);
        assertEquals(MANY_BYTES + 65 * 1_024, held(queue.take(WHOLE, Long.MAX_VALUE)));
    }

    @Test
    void whatCameFirstIsTakenFirstHoweverManyAreTakenAtOnce() {
        addNumbered(0, 10);
        assertEquals(range(0, 4), numbers(queue.take(4, Long.MAX_VALUE)));
        addNumbered(10, 10);
        assertEquals(range(4, 9), numbers(queue.take(5, Long.MAX_VALUE)));
        assertEquals(range(9, 20), numbers(queue.take(WHOLE, Long.MAX_VALUE)), "of those that came later as well");
        assertTrue(queue.take(WHOLE, Long.MAX_VALUE).isEmpty());
        assertTrue(queue.isEmpty());
    }

    @Test
    void itIsNotEmptyWhileSomeAreLeft() {
        addNumbered(0, 2);
        queue.take(1, Long.MAX_VALUE);
        assertFalse(queue.isEmpty());
    }

    @Test
    void aLossIsTakenWhereTheOthersWouldHaveStood() {
        addNumbered(0, 2);
        queue.note(3, "a test");
        addNumbered(2, 1);
        queue.note(1, "another");
        List<Pending> taken = queue.take(WHOLE, Long.MAX_VALUE);
        assertEquals(
                List.of(false, false, true, false),
                taken.stream().map(p -> p.gap() != null).toList());
        assertTrue(queue.take(WHOLE, Long.MAX_VALUE).isEmpty(), "something may come after it");
        queue.addLoss();
        List<Pending> last = queue.take(WHOLE, Long.MAX_VALUE);
        assertEquals(1, last.size(), "nothing came after it");
        assertEquals(1, Objects.requireNonNull(last.get(0).gap()).count());
    }

    @Test
    void nothingIsLostOrTurnedRoundBetweenThreadsThatAddAndOneThatTakes() throws InterruptedException {
        int threads = 4;
        int each = 10_000;
        List<Thread> adding = IntStream.range(0, threads)
                .mapToObj(i -> new Thread(() -> addNumbered(i * each, each)))
                .toList();
        adding.forEach(Thread::start);
        List<Integer> taken = new ArrayList<>();
        Await.until("all were taken", () -> {
            List<Pending> some = queue.take(WHOLE, Long.MAX_VALUE);
            taken.addAll(numbers(some));
            queue.done(some.size());
            return taken.size() >= threads * each;
        });
        for (Thread thread : adding) {
            thread.join();
        }
        for (int i = 0; i < threads; i++) {
            int first = i * each;
            assertEquals(
                    range(first, first + each),
                    taken.stream().filter(n -> n >= first && n < first + each).toList());
        }
        assertEquals(0, queue.size());
    }

    @Test
    void whatIsAddedIsTakenOrCountedAsLost() throws InterruptedException {
        PendingQueue small =
                new PendingQueue(StoreOptions.builder().maxQueued(64).build(), preparation, () -> Instant.EPOCH);
        int threads = 4;
        int each = 5_000;
        AtomicInteger accepted = new AtomicInteger();
        Activity activity = Activity.builder(Kind.CALL, Instant.EPOCH).build();
        List<Thread> adding = IntStream.range(0, threads)
                .mapToObj(i -> new Thread(() -> {
                    for (int k = 0; k < each; k++) {
                        if (small.add(activity, null, () -> {})) {
                            accepted.incrementAndGet();
                        }
                    }
                }))
                .toList();
        adding.forEach(Thread::start);
        long[] seen = new long[2];
        while (adding.stream().anyMatch(Thread::isAlive) || !small.isEmpty()) {
            small.addLoss();
            List<Pending> some = small.take(50, Long.MAX_VALUE);
            for (Pending pending : some) {
                Gap gap = pending.gap();
                seen[gap == null ? 0 : 1] += gap == null ? 1 : gap.count();
            }
            small.done(some.size());
        }
        for (Thread thread : adding) {
            thread.join();
        }
        assertEquals(accepted.get(), seen[0]);
        assertEquals(threads * each - accepted.get(), seen[1]);
        assertEquals(seen[1], small.dropped());
        assertEquals(0, small.size());
    }

    @Test
    void bodiesCountUntilTheyArePrepared() {
        for (int i = 0; i < 40; i++) {
            add(16 * 1_024);
        }
        List<Pending> taken = queue.take(WHOLE, 32 * 1_024);
        assertEquals(2, taken.size(), "no more after so much");
        add(16 * 1_024);
        assertEquals(0, last().bodyBytes(), "much waits still");
        queue.prepared(taken);
        add(16 * 1_024);
        assertEquals(16 * 1_024, last().bodyBytes());
    }

    private Pending last() {
        List<Pending> all = queue.take(WHOLE, Long.MAX_VALUE);
        return all.get(all.size() - 1);
    }

    @Test
    void aRequestIsRecognisedWhoeverPreparesIt() {
        for (int i = 0; i < 20; i++) {
            add(20 * 1_024 + 7);
        }
        List<Pending> taken = queue.take(WHOLE, Long.MAX_VALUE);
        byte[] expected = EntryDraft.of(entry(taken.get(0))).requestHash;
        for (Pending pending : taken) {
            assertArrayEquals(expected, EntryDraft.of(entry(pending)).requestHash);
        }
        assertEquals(0, taken.get(taken.size() - 1).bodyBytes());
    }
}
