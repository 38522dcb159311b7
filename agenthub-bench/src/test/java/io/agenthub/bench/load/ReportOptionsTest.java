package io.agenthub.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.bench.load.scenario.Plan;
import io.agenthub.bench.load.scenario.Scenarios;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReportOptionsTest {

    @Test
    void withoutOptionsEverythingIsMeasuredInFull() {
        ReportOptions options = ReportOptions.parse(List.of());

        assertEquals(Plan.FULL, options.plan());
        assertEquals(Path.of("docs"), options.out());
        assertTrue(options.pin());
        assertTrue(options.scenarios().isEmpty());
        assertEquals("java -jar agenthub-bench/target/benchmarks.jar report", options.command());
    }

    @Test
    void everyOptionIsUnderstood() {
        ReportOptions options = ReportOptions.parse(List.of(
                "--quick",
                "--rounds",
                "5",
                "--only",
                "held,start",
                "--out",
                "elsewhere",
                "--gateway",
                "other.jar",
                "--gateway-flags",
                " -Xmx64m  -Xint",
                "--no-pin",
                "--from",
                "old.csv"));

        assertEquals(Plan.QUICK.withRounds(5), options.plan());
        assertEquals(List.of("held", "start"), options.scenarios());
        assertEquals(Path.of("elsewhere"), options.out());
        assertEquals(Path.of("other.jar"), options.gateway());
        assertEquals(List.of("-Xmx64m", "-Xint"), options.gatewayFlags());
        assertEquals(false, options.pin());
        assertEquals(Optional.of(Path.of("old.csv")), options.from());
    }

    @Test
    void whatMakesNoSenseIsRefusedWithTheUsage() {
        String unknown = assertThrows(IllegalArgumentException.class, () -> ReportOptions.parse(List.of("--fast")))
                .getMessage();
        assertTrue(unknown.contains("--fast") && unknown.contains("--quick"), unknown);
        assertThrows(IllegalArgumentException.class, () -> ReportOptions.parse(List.of("--out")));
        assertThrows(IllegalArgumentException.class, () -> ReportOptions.parse(List.of("--rounds", "0")));
    }

    @Test
    void theUsageNamesEveryScenario() {
        Scenarios.named(List.of())
                .forEach(scenario -> assertTrue(ReportOptions.USAGE.contains(scenario.id()), scenario.id()));
    }

    @Test
    void anUnknownScenarioIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Scenarios.named(List.of("throughput", "fun")));
    }
}
