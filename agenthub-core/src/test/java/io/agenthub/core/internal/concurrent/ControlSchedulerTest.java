package io.agenthub.core.internal.concurrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.HubThread;
import io.agenthub.api.Scheduler;
import io.agenthub.tck.Await;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ControlSchedulerTest {
    private final ControlScheduler scheduler = new ControlScheduler();

    @AfterEach
    void close() {
        scheduler.close();
    }

    @Test
    void tasksRunOnTheControlThreadWhichMayNotBlock() {
        CompletableFuture<Thread> now = new CompletableFuture<>();
        CompletableFuture<Thread> later = new CompletableFuture<>();
        scheduler.schedule(Duration.ZERO, () -> now.complete(Thread.currentThread()));
        scheduler.schedule(Duration.ofMillis(20), () -> later.complete(Thread.currentThread()));
        assertEquals("agenthub-control", Await.value(now).getName());
        assertEquals(Await.value(now), Await.value(later));
        assertFalse(((HubThread) Await.value(now)).mayBlock());
    }

    @Test
    void aTaskNeverRunsBeforeItsTime() {
        long begun = scheduler.nanoTime();
        CompletableFuture<Long> ran = new CompletableFuture<>();
        scheduler.schedule(Duration.ofMillis(60), () -> ran.complete(scheduler.nanoTime()));
        assertTrue(Await.value(ran) - begun >= Duration.ofMillis(60).toNanos());
    }

    @Test
    void aTaskWithALongDelayNeverRunsBeforeItsTimeEither() {
        long begun = scheduler.nanoTime();
        CompletableFuture<Long> ran = new CompletableFuture<>();
        List<String> cancelled = new CopyOnWriteArrayList<>();
        scheduler.schedule(Duration.ofSeconds(1), () -> cancelled.add("ran")).cancel();
        scheduler.schedule(Duration.ofMillis(1_050), () -> ran.complete(scheduler.nanoTime()));
        long took = Await.value(ran) - begun;
        assertTrue(took >= Duration.ofMillis(1_050).toNanos(), took + " ns");
        assertEquals(List.of(), cancelled);
    }

    @Test
    void aCancelledTaskLetsGoOfWhatItHoldsLongBeforeItsTime() {
        WeakReference<Runnable> held = armedAndDisarmed();
        Await.until("it is let go", () -> {
            System.gc();
            return held.refersTo(null);
        });
    }

    private WeakReference<Runnable> armedAndDisarmed() {
        AtomicInteger call = new AtomicInteger();
        Runnable task = call::incrementAndGet;
        scheduler.schedule(Duration.ofHours(1), task).cancel();
        return new WeakReference<>(task);
    }

    @Test
    void aCancelledTaskDoesNotRunAndOneThatThrowsStopsNothing() {
        List<String> ran = new CopyOnWriteArrayList<>();
        Scheduler.Task cancelled = scheduler.schedule(Duration.ofMillis(30), () -> ran.add("cancelled"));
        scheduler.schedule(Duration.ofMillis(40), () -> {
            throw new IllegalStateException("on purpose");
        });
        scheduler.schedule(Duration.ofMillis(60), () -> ran.add("last"));
        cancelled.cancel();
        Await.until("the last task ran", () -> ran.contains("last"));
        assertEquals(List.of("last"), ran);
    }

    @Test
    void tasksWithoutDelayKeepTheirOrder() {
        List<Integer> ran = new CopyOnWriteArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            int number = i;
            scheduler.schedule(Duration.ZERO, () -> ran.add(number));
        }
        Await.until("all ran", () -> ran.size() == 1_000);
        assertEquals(ran.stream().sorted().toList(), List.copyOf(ran));
    }

    @Test
    void aTaskThatComesAfterTheEndIsDropped() {
        scheduler.close();
        Scheduler.Task dropped = scheduler.schedule(Duration.ofMillis(1), () -> {
            throw new AssertionError("ran after the end");
        });
        dropped.cancel();
        scheduler.schedule(Duration.ZERO, () -> {}).cancel();
    }
}
