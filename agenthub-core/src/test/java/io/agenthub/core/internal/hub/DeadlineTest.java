package io.agenthub.core.internal.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.agenthub.tck.ManualScheduler;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DeadlineTest {
    private final ManualScheduler time = new ManualScheduler();
    private final AtomicInteger expired = new AtomicInteger();
    private final Deadline deadline =
            new Deadline(time, time.nanoTime(), Duration.ofSeconds(30), null, expired::incrementAndGet);

    @Test
    void itExpiresWhenItsTimeIsOver() {
        deadline.arm();
        time.advance(Duration.ofSeconds(29));
        assertEquals(0, expired.get());
        time.advance(Duration.ofSeconds(1));
        assertEquals(1, expired.get());
    }

    @Test
    void itStandsStillWhileTheCallerIsAsked() {
        deadline.arm();
        time.advance(Duration.ofSeconds(10));
        deadline.hold();
        time.advance(Duration.ofMinutes(5));
        assertEquals(Duration.ofSeconds(20), deadline.remaining());
        deadline.goOn();
        time.advance(Duration.ofSeconds(19));
        assertEquals(0, expired.get());
        time.advance(Duration.ofSeconds(1));
        assertEquals(1, expired.get());
    }

    @Test
    void itGoesOnWhenTheLastOfSeveralQuestionsIsAnswered() {
        deadline.arm();
        deadline.hold();
        deadline.hold();
        deadline.goOn();
        time.advance(Duration.ofMinutes(1));
        assertEquals(0, expired.get());
        deadline.goOn();
        time.advance(Duration.ofSeconds(30));
        assertEquals(1, expired.get());
    }

    @Test
    void itDoesNotStandStillForEver() {
        deadline.arm();
        deadline.hold();
        time.advance(Deadline.LONGEST_HOLD);
        assertEquals(0, expired.get());
        time.advance(Duration.ofSeconds(30));
        assertEquals(1, expired.get());
    }

    @Test
    void allPausesTogetherAreBounded() {
        deadline.arm();
        for (int i = 0; i < 3; i++) {
            deadline.hold();
            time.advance(Duration.ofMinutes(5));
            deadline.goOn();
        }

        assertEquals(1, expired.get());
    }

    @Test
    void itNeverExpiresOnceItIsCancelled() {
        deadline.arm();
        deadline.cancel();
        deadline.hold();
        deadline.goOn();
        time.advance(Duration.ofHours(1));

        assertEquals(0, expired.get());
    }
}
