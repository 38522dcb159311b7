package io.agenthub.core.internal.concurrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.tck.Await;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SerialExecutorTest {
    @Test
    void tasksOfManyThreadsRunOneAtATimeAndInTheOrderOfEachThread() throws InterruptedException {
        ExecutorService pool = Executors.newFixedThreadPool(4);
        everyTaskRunsInOrder(new SerialExecutor(pool, 10, () -> {}), 2_000);
        pool.shutdown();
    }

    @Test
    void theOrderIsKeptWhenTheQueueIsNowEmptyNowNot() throws InterruptedException {
        // On the threads of the callers nearly every task ends before the next one comes.
        everyTaskRunsInOrder(new SerialExecutor(Runnable::run, 10, () -> {}), 200_000);
    }

    private static void everyTaskRunsInOrder(SerialExecutor serial, int each) throws InterruptedException {
        List<Integer> ran = new ArrayList<>();
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger overlaps = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            int offset = t * 1_000_000;
            Thread thread = new Thread(() -> {
                for (int i = 0; i < each; i++) {
                    int number = offset + i;
                    serial.execute(() -> {
                        if (inside.incrementAndGet() != 1) {
                            overlaps.incrementAndGet();
                        }
                        ran.add(number);
                        inside.decrementAndGet();
                    });
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        AtomicInteger last = new AtomicInteger();
        serial.execute(() -> last.set(ran.size()));
        Await.until("all tasks ran", () -> last.get() == 4 * each);
        assertEquals(0, overlaps.get());
        for (int t = 0; t < 4; t++) {
            int low = t * 1_000_000;
            List<Integer> own =
                    ran.stream().filter(n -> n >= low && n < low + 1_000_000).toList();
            assertEquals(own.stream().sorted().toList(), own);
        }
    }

    @Test
    void anExecutorThatTakesATaskInAndThrowsRunsItOnce() {
        Deque<Runnable> taken = new ArrayDeque<>();
        SerialExecutor serial = new SerialExecutor(
                task -> {
                    taken.add(task);
                    throw new OutOfMemoryError("unable to create native thread");
                },
                10,
                () -> {});
        AtomicInteger ran = new AtomicInteger();
        serial.execute(ran::incrementAndGet);
        Await.until("it ran without the executor", () -> ran.get() == 1);
        taken.remove().run();
        assertEquals(1, ran.get());
        serial.execute(ran::incrementAndGet);
        Await.until("the next one runs as well", () -> ran.get() == 2);
    }

    @Test
    void anOfferBeyondTheCapacityIsRefusedAndATaskThatThrowsStopsNothing() {
        Deque<Runnable> later = new ArrayDeque<>();
        SerialExecutor serial = new SerialExecutor(later::add, 2, () -> {});
        AtomicInteger ran = new AtomicInteger();
        assertTrue(serial.offer(() -> {
            throw new AssertionError("even an Error");
        }));
        assertTrue(serial.offer(ran::incrementAndGet));
        assertFalse(serial.offer(ran::incrementAndGet));
        serial.execute(ran::incrementAndGet);
        later.remove().run();
        assertEquals(2, ran.get());
        assertTrue(serial.offer(ran::incrementAndGet));
        later.remove().run();
        assertEquals(3, ran.get());
    }
}
