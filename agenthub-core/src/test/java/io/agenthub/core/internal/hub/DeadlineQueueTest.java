package io.agenthub.core.internal.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.Scheduler;
import io.agenthub.tck.ManualScheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DeadlineQueueTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Duration GRAIN = Duration.ofMillis(50);

    private final ManualScheduler time = new ManualScheduler();
    private final Counting counting = new Counting(time);
    private final DeadlineQueue queue = new DeadlineQueue(counting, TIMEOUT);
    private final List<Integer> expired = new ArrayList<>();

    /** Counts the timers that are asked for. */
    private static final class Counting implements Scheduler {
        private final Scheduler scheduler;
        private final AtomicInteger timers = new AtomicInteger();
        private boolean refuses;

        Counting(Scheduler scheduler) {
            this.scheduler = scheduler;
        }

        @Override
        public long nanoTime() {
            return scheduler.nanoTime();
        }

        @Override
        public Instant now() {
            return scheduler.now();
        }

        @Override
        public Task schedule(Duration delay, Runnable task) {
            if (refuses) {
                throw new OutOfMemoryError("on purpose");
            }
            timers.incrementAndGet();
            return scheduler.schedule(delay, task);
        }
    }

    private Deadline deadline(int number) {
        Deadline deadline = new Deadline(counting, time.nanoTime(), TIMEOUT, queue, () -> expired.add(number));
        deadline.arm();
        return deadline;
    }

    @Test
    void callsExpireInTheirOrderAndNoneBeforeItsTime() {
        for (int i = 0; i < 5; i++) {
            deadline(i);
            time.advance(Duration.ofSeconds(1));
        }
        time.advance(Duration.ofSeconds(24).plus(Duration.ofMillis(999)));
        assertEquals(List.of(), expired);
        time.advance(Duration.ofMillis(1));
        assertEquals(List.of(0), expired);
        time.advance(Duration.ofMillis(999));
        assertEquals(List.of(0), expired);
        time.advance(GRAIN.plusMillis(1));
        assertEquals(List.of(0, 1), expired);
        time.advance(Duration.ofMinutes(1));
        assertEquals(List.of(0, 1, 2, 3, 4), expired);
    }

    @Test
    void aThousandCallsThatEndCostOneTimer() {
        for (int i = 0; i < 1_000; i++) {
            deadline(i).cancel();
            time.advance(Duration.ofMillis(1));
        }
        assertEquals(1, counting.timers.get());
        time.advance(Duration.ofHours(1));
        assertEquals(1, counting.timers.get(), "nobody looks where nothing is");
        assertEquals(List.of(), expired);
    }

    @Test
    void whatFollowsSoonIsSeenTogether() {
        for (int i = 0; i < 40; i++) {
            deadline(i);
            time.advance(Duration.ofMillis(1));
        }
        time.advance(TIMEOUT.plus(GRAIN));
        assertEquals(40, expired.size());
        assertEquals(2, counting.timers.get());
    }

    @Test
    void anyOfThemCanEndFirst() {
        List<Deadline> open = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            open.add(deadline(i));
        }
        List<Integer> left = new ArrayList<>();
        Random random = new Random(3);
        for (int i = 0; i < 50; i++) {
            if (random.nextBoolean()) {
                open.get(i).cancel();
                open.get(i).cancel();
            } else {
                left.add(i);
            }
        }
        time.advance(TIMEOUT);
        assertEquals(left, expired);
    }

    @Test
    void oneThatStandsStillLeavesTheQueueAndIsWatchedByItself() {
        Deadline asking = deadline(0);
        deadline(1);
        asking.hold();
        time.advance(TIMEOUT);
        assertEquals(List.of(1), expired);
        asking.goOn();
        time.advance(TIMEOUT);
        assertEquals(List.of(1, 0), expired);
    }

    @Test
    void aDeadlineBeforeTheLastIsNotTaken() {
        Deadline late = new Deadline(counting, time.nanoTime() + 1, TIMEOUT, null, () -> {});
        Deadline early = new Deadline(counting, time.nanoTime(), TIMEOUT, null, () -> {});
        assertTrue(queue.add(late));
        assertFalse(queue.add(early));
        queue.remove(early);
        queue.remove(late);
        assertTrue(queue.add(early));
    }

    @Test
    void shortOnesAreExactAndNotTaken() {
        DeadlineQueue brief = new DeadlineQueue(counting, Duration.ofMillis(200));
        Deadline deadline =
                new Deadline(counting, time.nanoTime(), Duration.ofMillis(200), brief, () -> expired.add(1));
        deadline.arm();
        time.advance(Duration.ofMillis(199));
        assertEquals(List.of(), expired);
        time.advance(Duration.ofMillis(1));
        assertEquals(List.of(1), expired);
    }

    @Test
    void aCallThatCannotBeToldTakesNoOtherAlong() {
        for (int i = 0; i < 3; i++) {
            int number = i;
            new Deadline(counting, time.nanoTime(), TIMEOUT, queue, () -> {
                        expired.add(number);
                        if (number == 0) {
                            throw new StackOverflowError("on purpose");
                        }
                        throw new IllegalStateException("on purpose");
                    })
                    .arm();
        }
        time.advance(TIMEOUT);
        assertEquals(List.of(0, 1, 2), expired);
    }

    @Test
    void aTimerThatCannotBeSetIsSetByTheNextCall() {
        counting.refuses = true;
        Deadline refused = new Deadline(counting, time.nanoTime(), TIMEOUT, queue, () -> expired.add(0));
        assertThrows(OutOfMemoryError.class, refused::arm);
        refused.cancel();
        counting.refuses = false;
        deadline(1);
        time.advance(Duration.ofSeconds(1));
        deadline(2);
        counting.refuses = true;
        time.advance(TIMEOUT.minusSeconds(1));
        assertEquals(List.of(1), expired);
        counting.refuses = false;
        deadline(3);
        time.advance(Duration.ofSeconds(1));
        assertEquals(List.of(1, 2), expired);
        time.advance(TIMEOUT);
        assertEquals(List.of(1, 2, 3), expired);
    }

    @Test
    void oneThatIsHeldOrCancelledWhileOthersExpireDoesNot() {
        List<Deadline> open = new ArrayList<>();
        open.add(new Deadline(counting, time.nanoTime(), TIMEOUT, queue, () -> {
            expired.add(0);
            open.get(1).hold();
            open.get(2).cancel();
        }));
        open.get(0).arm();
        open.add(deadline(1));
        open.add(deadline(2));
        time.advance(TIMEOUT);
        assertEquals(List.of(0), expired);
        open.get(1).goOn();
        time.advance(GRAIN);
        assertEquals(List.of(0, 1), expired);
    }

    @Test
    void callsOfSeveralThreadsExpireOnceUnlessTheyEnd() throws InterruptedException {
        Queue<AtomicInteger> left = new ConcurrentLinkedQueue<>();
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        CountDownLatch running = new CountDownLatch(4);
        for (int i = 0; i < 4; i++) {
            Thread thread = new Thread(() -> {
                for (int k = 0; k < 20_000; k++) {
                    AtomicInteger ends = new AtomicInteger();
                    boolean cancelled = k % 2 == 0;
                    Deadline one = new Deadline(counting, time.nanoTime(), TIMEOUT, queue, ends::incrementAndGet);
                    one.arm();
                    if (cancelled) {
                        one.cancel();
                    } else {
                        left.add(ends);
                    }
                }
                running.countDown();
            });
            thread.setUncaughtExceptionHandler((dead, cause) -> {
                failure.set(cause);
                running.countDown();
            });
            thread.start();
        }
        // The time runs while they are at it, so that some expire beside those that come and go.
        while (!running.await(1, TimeUnit.MILLISECONDS)) {
            time.advance(Duration.ofSeconds(1));
        }
        time.advance(TIMEOUT.plus(GRAIN));
        assertNull(failure.get());
        assertEquals(40_000, left.size());
        assertEquals(Set.of(1), left.stream().map(AtomicInteger::get).collect(Collectors.toSet()));
    }
}
