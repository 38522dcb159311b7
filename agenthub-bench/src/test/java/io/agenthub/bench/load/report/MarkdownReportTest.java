package io.agenthub.bench.load.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MarkdownReportTest {
    private static final Series RATE = new Series("throughput", "64", "agenthub", "rate");
    private static final Table TABLE = new Table(
            "Throughput",
            "What was done.",
            "throughput",
            "connections",
            List.of(Table.Row.of("1"), Table.Row.of("64")),
            List.of(new Table.Column("agenthub", "agenthub", "rate"), new Table.Column("relay", "relay", "rate")));

    private final Measurements measurements = new Measurements();

    private String render() {
        Target kept = Target.of("A kept promise", Condition.atLeast("", RATE, 1, "/s"));
        Target broken = Target.of("A broken promise", Condition.atLeast("", RATE, 1e9, "/s"));
        return new MarkdownReport(
                        "report",
                        new Surroundings(Map.of("JDK", "17")),
                        List.of(kept, broken),
                        List.of(TABLE),
                        "chart.svg")
                .render(measurements);
    }

    @Test
    void verdictsFollowFromTheNumbers() {
        measurements.add(RATE, 81_234);

        String page = render();

        assertTrue(page.contains("1 of 2 met."), page);
        assertTrue(page.contains("| A kept promise | 81,234 /s | met |"), page);
        assertTrue(page.contains("| A broken promise | 81,234 /s | **not met** |"), page);
        assertTrue(page.contains("| JDK | 17 |"), page);
        assertTrue(page.contains("![Throughput and latency](chart.svg)"), page);
    }

    @Test
    void withoutNumbersNothingIsMetAndTablesAreLeftOut() {
        String page = render();

        assertTrue(page.contains("0 of 2 met."), page);
        assertTrue(page.contains("| A kept promise | - | not measured |"), page);
        assertFalse(page.contains("### Throughput"), page);
    }

    @Test
    void aTableShowsTheRowsThatHaveNumbers() {
        measurements.add(RATE, 1_000);
        measurements.add(RATE, 3_000);

        assertEquals("""
                ### Throughput

                What was done.

                | connections | agenthub | relay |
                |---|---:|---:|
                | 64 | 2,000 (1,000–3,000) | - |
                """, TABLE.render(measurements));
    }

    @Test
    void aRowMayNameTheSubjectInsteadOfTheColumn() {
        measurements.add(RATE, 7);
        Table table = new Table(
                "T",
                "",
                "throughput",
                "who",
                List.of(new Table.Row("we", "64", "agenthub")),
                List.of(Table.Column.of("calls/s", "rate")));

        assertEquals("### T\n\n| who | calls/s |\n|---|---:|\n| we | 7 |\n", table.render(measurements));
    }
}
