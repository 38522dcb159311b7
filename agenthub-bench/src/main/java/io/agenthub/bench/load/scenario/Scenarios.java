package io.agenthub.bench.load.scenario;

import io.agenthub.bench.load.report.Chart;
import io.agenthub.bench.load.report.Condition;
import io.agenthub.bench.load.report.MarkdownReport;
import io.agenthub.bench.load.report.Measurements;
import io.agenthub.bench.load.report.Series;
import io.agenthub.bench.load.report.Surroundings;
import io.agenthub.bench.load.report.Table;
import io.agenthub.bench.load.report.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** All scenarios, and the report that they make together. */
public final class Scenarios {
    private static final List<Scenario> ALL = List.of(
            new Throughput(),
            new Recording(),
            new OpenLoop(),
            new HeldCalls(),
            new Starts(),
            new Bodies(),
            new SlowReaders(),
            new InProcess(),
            new Children(),
            new Connections(),
            new Ways());

    private Scenarios() {}

    /**
     * Some scenarios.
     *
     * @param ids which; empty means all
     * @return them, in the order of the report
     */
    public static List<Scenario> named(List<String> ids) {
        for (String id : ids) {
            if (ALL.stream().noneMatch(scenario -> scenario.id().equals(id))) {
                throw new IllegalArgumentException("no scenario is called " + id + "; there are "
                        + ALL.stream().map(Scenario::id).toList());
            }
        }
        return ALL.stream()
                .filter(scenario -> ids.isEmpty() || ids.contains(scenario.id()))
                .toList();
    }

    /**
     * The page of the report.
     *
     * @param plan how much was measured
     * @param command what was typed
     * @param surroundings where it was measured
     * @return the page
     */
    public static MarkdownReport page(Plan plan, String command, Surroundings surroundings) {
        List<Target> targets = new ArrayList<>();
        ALL.forEach(scenario -> targets.addAll(scenario.targets(plan)));
        targets.add(faultless());
        List<Table> tables =
                ALL.stream().flatMap(scenario -> scenario.tables(plan).stream()).toList();
        return new MarkdownReport(command, surroundings, targets, tables, "benchmarks.svg");
    }

    private static Target faultless() {
        return new Target(
                "Zero errors, zero mismatched ids or payloads in every run",
                Stream.of(Lab.ERRORS, Lab.MISMATCHES)
                        .map(metric ->
                                new Condition(metric, measurements -> faults(measurements, metric), 0, false, ""))
                        .toList());
    }

    private static List<Double> faults(Measurements measurements, String metric) {
        double sum = 0;
        boolean any = false;
        for (String subject : List.of(Lab.HUB, Throughput.FACE, Recording.WITH, Recording.WITHOUT)) {
            var total = measurements.total(metric, subject);
            any |= total.isPresent();
            sum += total.orElse(0.0);
        }
        return any ? List.of(sum) : List.of();
    }

    /**
     * The picture of the report: throughput and latency over the number of connections.
     *
     * @param plan how much was measured
     * @param measurements everything that was measured
     * @return the picture
     */
    public static Chart chart(Plan plan, Measurements measurements) {
        return new Chart(List.of(
                panel(plan, measurements, "Throughput (calls/s)", Throughput.RATE),
                panel(plan, measurements, "Latency p99 (ms)", Throughput.P99)));
    }

    private static Chart.Panel panel(Plan plan, Measurements measurements, String title, String metric) {
        List<Chart.Line> lines = new ArrayList<>();
        for (String subject : List.of(Lab.RELAY, Lab.HUB, Throughput.FACE, Lab.SDK, Lab.SDK_GATEWAY)) {
            List<Chart.Point> points = new ArrayList<>();
            for (int connections : plan.connections()) {
                Series series = new Series(Throughput.ID, Throughput.point(connections), subject, metric);
                measurements.stat(series).ifPresent(stat -> points.add(new Chart.Point(connections, stat.median())));
            }
            if (!points.isEmpty()) {
                lines.add(new Chart.Line(subject, points));
            }
        }
        return new Chart.Panel(title, "connections", lines);
    }
}
