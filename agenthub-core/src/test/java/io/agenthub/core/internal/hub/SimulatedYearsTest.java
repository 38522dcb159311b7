package io.agenthub.core.internal.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Figure "simulated years": many lives of a hub, each from a seed. More of them:
 *
 * <pre>mvn -pl agenthub-core -am test -Dtest=SimulatedYearsTest -Dagenthub.simulation.seeds=1000000</pre>
 *
 * One of them again: {@code -Dagenthub.simulation.first=SEED -Dagenthub.simulation.seeds=1}.
 */
class SimulatedYearsTest {
    private static final Logger log = LoggerFactory.getLogger(SimulatedYearsTest.class);

    @Test
    @Timeout(600)
    void everyLifeKeepsItsPromises() {
        long first = Long.getLong("agenthub.simulation.first", 1);
        long seeds = Long.getLong("agenthub.simulation.seeds", 2_000);
        long calls = 0;
        long budgets = 0;
        for (long seed = first; seed < first + seeds; seed++) {
            Simulation life = new Simulation(seed);
            life.run();
            calls += life.calls();
            budgets += life.budgetsJudged();
        }
        log.info(
                "simulated years: {} lives of 10 minutes, {} calls, {} spans of restarts, 0 promises broken: pass",
                seeds,
                calls,
                budgets);
        assertTrue(seeds < 100 || budgets > 0, "no restart budget was ever judged");
    }

    @Test
    void aSeedReplaysExactly() {
        Simulation life = new Simulation(42);
        life.run();
        Simulation again = new Simulation(42);
        again.run();
        assertEquals(life.trace(), again.trace());
        Simulation other = new Simulation(43);
        other.run();
        assertNotEquals(life.trace(), other.trace());
    }
}
