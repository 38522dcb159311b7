package io.agenthub.bench.load.proc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class ProcStatTest {
    private final ProcessHandle self = ProcessHandle.current();

    @Test
    void countsTheCpuTimeOfTheProcess() {
        Duration before = ProcStat.cpu(self);
        long until = System.nanoTime() + Duration.ofMillis(100).toNanos();
        long spun = 0;
        while (System.nanoTime() < until || ProcStat.cpu(self).equals(before)) {
            spun++;
        }

        assertTrue(ProcStat.cpu(self).compareTo(before) > 0, "after " + spun + " turns");
        assertTrue(ProcStat.familyCpu(self).compareTo(before) > 0);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void readsMemoryAndThreads() {
        long resident = ProcStat.residentBytes(self).orElseThrow();

        assertTrue(resident > 10_000_000, resident + " bytes");
        assertTrue(ProcStat.peakResidentBytes(self).orElseThrow() >= resident / 2);
        assertTrue(ProcStat.threads(self) > 1);
    }

    @Test
    void withoutPinningCommandsAreLeftAsTheyAre() {
        Pinning none = Pinning.detect(false);

        assertEquals(List.of("java", "-version"), none.measured(List.of("java", "-version")));
        assertEquals(List.of("java", "-version"), none.load(List.of("java", "-version")));
    }

    @Test
    void theMeasuredProcessAndTheLoadAreKeptApart() {
        assertEquals(List.of("taskset", "-c", "0", "x"), new Pinning(true, 2).measured(List.of("x")));
        assertEquals(List.of("taskset", "-c", "1", "x"), new Pinning(true, 2).load(List.of("x")));
        assertEquals(List.of("taskset", "-c", "1-7", "x"), new Pinning(true, 8).load(List.of("x")));
    }
}
