package io.agenthub.mcp.internal.era;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.agenthub.mcp.internal.era.EraMemory.Verdict;
import io.agenthub.tck.ManualScheduler;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class EraMemoryTest {
    private final ManualScheduler time = new ManualScheduler();
    private final EraMemory memory = new EraMemory(time::nanoTime);

    @Test
    void nothingIsKnownAtFirst() {
        assertEquals(Verdict.UNKNOWN, memory.verdict());
    }

    @Test
    void aLegacyVerdictIsBelievedForAWhile() {
        memory.found(Verdict.LEGACY);
        time.advance(EraMemory.LEGACY_HOLDS);
        assertEquals(Verdict.LEGACY, memory.verdict());
        time.advance(Duration.ofNanos(1));
        assertEquals(Verdict.UNKNOWN, memory.verdict());
    }

    @Test
    void aLegacyVerdictFoundAgainIsBelievedAnew() {
        memory.found(Verdict.LEGACY);
        time.advance(EraMemory.LEGACY_HOLDS);
        memory.found(Verdict.LEGACY);
        time.advance(EraMemory.LEGACY_HOLDS);
        assertEquals(Verdict.LEGACY, memory.verdict());
    }

    @Test
    void aModernVerdictHoldsUntilItIsFoundWrong() {
        memory.found(Verdict.MODERN);
        time.advance(Duration.ofDays(365));
        assertEquals(Verdict.MODERN, memory.verdict());
        memory.found(Verdict.UNKNOWN);
        assertEquals(Verdict.UNKNOWN, memory.verdict());
    }
}
