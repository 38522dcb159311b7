package io.agenthub.core.internal.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.agenthub.api.ErrorKind;
import io.agenthub.api.activity.Activity;
import io.agenthub.api.monitor.ClientStats;
import io.agenthub.api.monitor.Latency;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallMeterTest {
    private final CallMeter meter = new CallMeter();

    @Test
    void aTimeFallsIntoTheFirstBucketThatIsNotBelowIt() {
        for (int i = 0; i < Latency.BOUNDS.size(); i++) {
            long bound = Latency.BOUNDS.get(i).toNanos();
            assertEquals(i, CallMeter.bucket(bound), "at " + bound);
            assertEquals(i + 1, CallMeter.bucket(bound + 1), "beyond " + bound);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -1, 0, 1})
    void nothingIsTooShort(long nanos) {
        assertEquals(0, CallMeter.bucket(nanos));
    }

    @Test
    void nothingIsTooLong() {
        assertEquals(Latency.BOUNDS.size(), CallMeter.bucket(Long.MAX_VALUE));
    }

    @Test
    @Timeout(60)
    void noCountGoesBackWhileOthersAreCounted() throws InterruptedException {
        for (int i = 0; i < 1_000; i++) {
            meter.count(Activity.OK, 1_000);
        }
        AtomicBoolean over = new AtomicBoolean();
        Thread busy = new Thread(() -> {
            while (!over.get()) {
                meter.count(Activity.ERROR, 1_000);
            }
        });
        busy.start();
        try {
            for (long errors = 0; errors < 3_000_000; errors = meter.calls().getOrDefault(Activity.ERROR, 0L)) {
                assertEquals(1_000, meter.calls().get(Activity.OK));
            }
        } finally {
            over.set(true);
            busy.join();
        }
    }

    @Test
    void everyOutcomeIsCountedAndOnlyAnswersAreMeasured() {
        meter.count(Activity.OK, 1_000);
        meter.count(Activity.OK, 2_000);
        meter.count(Activity.ERROR, 3_000);
        for (ErrorKind kind : ErrorKind.values()) {
            meter.count(kind.name(), 1_000_000);
        }
        Map<String, Long> calls = meter.calls();

        assertEquals(2, calls.get(Activity.OK));
        assertEquals(1, calls.get(Activity.ERROR));
        for (ErrorKind kind : ErrorKind.values()) {
            assertEquals(1, calls.get(kind.name()), kind.name());
        }
        assertEquals(2 + ErrorKind.values().length, calls.size());
        assertEquals(3, meter.latency().count());
        assertEquals(Duration.ofNanos(6_000), meter.latency().total());
    }

    @Test
    void whatWasNeverSeenIsLeftOut() {
        assertEquals(Map.of(), meter.calls());
        assertEquals(Latency.NONE, meter.latency());
    }

    @Test
    void countingAllocatesNothing() {
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (int i = 0; i < 20_000; i++) {
            meter.count(Activity.OK, i);
        }
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 100_000; i++) {
            meter.count(Activity.OK, i);
        }
        long bytes = threads.getCurrentThreadAllocatedBytes() - before;
        assertEquals(0, bytes / 100_000, bytes + " bytes in 100,000 calls");
    }

    @Test
    void clientsBeyondTheBoundAreCountedTogether() {
        Meters meters = new Meters(3);
        IntStream.range(0, 10).forEach(i -> meters.client("client-" + i).count(Activity.OK, 1));
        meters.client("client-0").count(Activity.OK, 1);
        List<ClientStats> clients = List.copyOf(meters.clients());

        assertEquals(
                List.of(ClientStats.OTHER, "client-0", "client-1", "client-2"),
                clients.stream().map(ClientStats::name).toList());
        assertEquals(7, clients.get(0).calls().get(Activity.OK));
        assertEquals(2, clients.get(1).calls().get(Activity.OK));
    }

    @Test
    void theMeterOfAServerStaysUntilTheServerIsGone() {
        Meters meters = new Meters(0);
        meters.server("a").calls().count(Activity.OK, 1);
        meters.keep(List.of("a", "b"));
        assertEquals(1, meters.server("a").calls().latency().count());
        meters.keep(List.of("b"));
        assertEquals(0, meters.server("a").calls().latency().count());
    }

    private static List<String> names(Meters meters) {
        return meters.clients().stream().map(ClientStats::name).toList();
    }

    @Test
    void aLongNameOfAClientIsCutAndNotBetweenTheHalvesOfACharacter() {
        Meters meters = new Meters(3);
        meters.client("n".repeat(1_000_000)).count(Activity.OK, 1);
        meters.client("n".repeat(128)).count(Activity.OK, 1);
        meters.client("n".repeat(127) + "\uD83D\uDE00").count(Activity.OK, 1);

        assertEquals(List.of("n".repeat(127), "n".repeat(128)), names(meters));
        assertEquals(
                2,
                meters.clients().stream()
                        .skip(1)
                        .findFirst()
                        .orElseThrow()
                        .calls()
                        .get(Activity.OK));
    }

    @Test
    void clientsThatWouldLookTheSameAreOne() {
        Meters meters = new Meters(3);
        meters.client("\uD800").count(Activity.OK, 1);
        meters.client("\uD801").count(Activity.OK, 1);
        meters.client("\uDC00").count(Activity.OK, 1);
        meters.client("\uD83D\uDE00").count(Activity.OK, 1);

        assertEquals(List.of("\uD83D\uDE00", "\uFFFD"), names(meters));
    }

    @Test
    void aClientThatIsKnownKeepsItsMeterWhenThereIsNoMoreRoom() {
        Meters meters = new Meters(1);
        String name = "n".repeat(200);
        meters.client(name).count(Activity.OK, 1);
        meters.client("another").count(Activity.OK, 1);
        meters.client(name).count(Activity.OK, 1);

        assertEquals(2, meters.client("n".repeat(128)).calls().get(Activity.OK));
    }

    @Test
    void aClientWithTheNameOfAllOthersIsOneOfThem() {
        Meters meters = new Meters(1);
        meters.client(ClientStats.OTHER).count(Activity.OK, 1);
        meters.client("one").count(Activity.OK, 1);
        meters.client("two").count(Activity.OK, 1);

        assertEquals(List.of(ClientStats.OTHER, "one"), names(meters));
        assertEquals(2, meters.client("three").calls().get(Activity.OK));
    }
}
