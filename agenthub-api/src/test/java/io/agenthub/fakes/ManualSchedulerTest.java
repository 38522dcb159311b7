package io.agenthub.fakes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.api.Scheduler;
import io.agenthub.tck.ManualScheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Virtual time must be beyond doubt, since so much is proven on it. */
class ManualSchedulerTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final ManualScheduler time = new ManualScheduler();
    private final List<String> ran = new ArrayList<>();

    private void note(String name) {
        ran.add(name + "@" + time.nanoTime() / 1_000_000);
    }

    @Test
    void tasksRunInTheOrderOfTheirTimesEachAtItsOwnTime() {
        time.schedule(Duration.ofMillis(30), () -> note("c"));
        time.schedule(Duration.ofMillis(10), () -> note("a"));
        time.schedule(Duration.ofMillis(10), () -> note("b"));
        time.advance(Duration.ofMillis(29));
        assertEquals(List.of("a@10", "b@10"), ran);
        assertEquals(1, time.pending());
        time.advance(Duration.ofMillis(1));
        assertEquals(List.of("a@10", "b@10", "c@30"), ran);
        assertEquals(0, time.pending());
    }

    @Test
    void nothingRunsUntilTimeMoves() {
        time.schedule(Duration.ZERO, () -> note("now"));
        time.schedule(Duration.ofSeconds(-5), () -> note("late"));
        assertEquals(List.of(), ran);
        time.runDue();
        assertEquals(List.of("now@0", "late@0"), ran);
    }

    @Test
    void whatTasksScheduleRunsInTheSameMoveIfItIsDue() {
        time.schedule(Duration.ofMillis(10), () -> {
            note("first");
            time.schedule(Duration.ofMillis(5), () -> note("second"));
            time.schedule(Duration.ofMillis(50), () -> note("third"));
        });
        time.advance(Duration.ofMillis(20));
        assertEquals(List.of("first@10", "second@15"), ran);
        assertEquals(Optional.of(Duration.ofMillis(40)), time.nextIn());
        assertTrue(time.advanceToNext());
        assertEquals("third@60", ran.get(2));
        assertFalse(time.advanceToNext());
    }

    @Test
    void aCancelledTaskNeitherRunsNorWaits() {
        Scheduler.Task task = time.schedule(SECOND, () -> note("never"));
        task.cancel();
        task.cancel();
        assertEquals(0, time.pending());
        time.advance(SECOND);
        assertEquals(List.of(), ran);
    }

    @Test
    void aTaskThatThrowsStopsNothing() {
        IllegalStateException thrown = new IllegalStateException("x");
        time.schedule(SECOND, () -> {
            throw thrown;
        });
        time.schedule(SECOND, () -> note("next"));
        time.advance(SECOND);
        assertEquals(List.of("next@1000"), ran);
        assertEquals(List.of(thrown), time.failures());
    }

    @Test
    void bothClocksMoveTogetherAndNeverBack() {
        Instant before = time.now();
        time.advance(SECOND);
        assertEquals(before.plus(SECOND), time.now());
        assertEquals(SECOND.toNanos(), time.nanoTime());
        assertThrows(IllegalArgumentException.class, () -> time.advance(Duration.ofNanos(-1)));
    }

    @Test
    void aTaskCannotMoveTime() {
        time.schedule(Duration.ZERO, () -> time.advance(SECOND));
        time.runDue();
        assertEquals(IllegalStateException.class, time.failures().get(0).getClass());
        assertEquals(0, time.nanoTime());
    }

    @Test
    void aSeedDecidesTheOrderOfWhatIsDueTogether() {
        assertEquals(order(new ManualScheduler(7)), order(new ManualScheduler(7)));
        assertNotEquals(order(new ManualScheduler(7)), order(new ManualScheduler(8)));
        assertNotEquals(order(new ManualScheduler()), order(new ManualScheduler(7)));
        assertEquals(IntStream.range(0, 20).boxed().toList(), order(new ManualScheduler()));
    }

    private static List<Integer> order(ManualScheduler scheduler) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            int number = i;
            scheduler.schedule(SECOND, () -> order.add(number));
        }
        scheduler.schedule(Duration.ofMillis(999), () -> assertEquals(List.of(), order));
        scheduler.advance(SECOND);
        assertEquals(List.of(), scheduler.failures());
        return order;
    }

    @Test
    void tasksThatScheduleEachOtherWithoutEndAreFound() {
        ManualScheduler busy = new ManualScheduler();
        class Again implements Runnable {
            @Override
            public void run() {
                busy.schedule(Duration.ZERO, this);
            }
        }
        busy.schedule(Duration.ZERO, new Again());
        assertThrows(IllegalStateException.class, busy::runDue);
    }
}
