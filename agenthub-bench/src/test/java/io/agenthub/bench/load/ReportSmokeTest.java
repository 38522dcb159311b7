package io.agenthub.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.agenthub.bench.load.report.Measurements;
import io.agenthub.bench.load.report.Table;
import io.agenthub.bench.load.scenario.Plan;
import io.agenthub.bench.load.scenario.Scenario;
import io.agenthub.bench.load.scenario.Scenarios;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every scenario for a moment, with real processes, so that none of them can rot unseen. */
@EnabledOnOs(OS.LINUX)
class ReportSmokeTest {
    @TempDir
    private Path folder;

    static Stream<String> scenarios() {
        return Scenarios.named(List.of()).stream().map(Scenario::id);
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    @Timeout(300)
    void aScenarioRunsWithoutAFaultAndFillsItsTables(String id) throws IOException {
        ReportOptions options = ReportOptions.parse(List.of(
                "--smoke",
                "--only",
                id,
                "--out",
                folder.toString(),
                "--gateway",
                folder + "/none.jar",
                "--no-pin",
                "--gateway-flags",
                "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"));

        Measurements measured = ReportCommand.run(options, line -> {});

        for (String metric : List.of("errors", "mismatches", "wrong", "callback-wrong")) {
            for (String subject : List.of("agenthub", "agenthub MCP", "relay", "sdk client", "sdk gateway", "calls")) {
                assertEquals(0, measured.total(metric, subject).orElse(0.0), metric + " of " + subject);
            }
        }
        if (id.equals("throughput")) {
            for (String subject : List.of("agenthub", "agenthub MCP", "relay", "sdk client", "sdk gateway")) {
                assertTrue(measured.total("rate", subject).orElse(0.0) > 0, "no rate of " + subject);
            }
        }
        String page = Files.readString(folder.resolve("benchmarks.md"));
        Scenario scenario = Scenarios.named(List.of(id)).get(0);
        for (Table table : scenario.tables(Plan.SMOKE)) {
            assertTrue(page.contains("### " + table.title()), "no table " + table.title() + " in\n" + page);
        }
        assertTrue(Files.readString(folder.resolve("benchmarks.svg")).startsWith("<svg"));
        assertFalse(Files.readAllLines(folder.resolve("benchmarks.csv")).isEmpty());
    }
}
