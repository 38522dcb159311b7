package io.agenthub.bench.load.scenario;

import io.agenthub.bench.load.report.Condition;
import io.agenthub.bench.load.report.Series;
import io.agenthub.bench.load.report.Table;
import io.agenthub.bench.load.report.Target;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Calls through the hub without HTTP, against the bare pipes. */
public final class InProcess implements Scenario {
    private static final String ID = "in-process";
    private static final String PIPES = "bare pipes";
    private static final String AUTO = "hub";
    private static final String THREADS = "hub, threads transport";
    private static final String RECORDED = "hub, calls recorded";
    private static final String CALLS = "calls";
    private static final List<String> FLAGS = List.of("-Xmx512m");

    /** Made by the report. */
    public InProcess() {}

    @Override
    public String id() {
        return ID;
    }

    @Override
    public void run(Lab lab) throws IOException {
        for (int round = 0; round < lab.plan().rounds(); round++) {
            lab.log().accept("  round " + (round + 1));
            measure(lab, PIPES, "pipe", "none");
            measure(lab, AUTO, "auto", "none");
            measure(lab, THREADS, "threads", "none");
            if (lab.subjects().hasActivityStore()) {
                measure(lab, RECORDED, "auto", "sqlite");
            }
        }
    }

    private static void measure(Lab lab, String over, String transport, String activity) throws IOException {
        lab.host()
                .undisturbed(() -> lab.subjects()
                        .part(
                                FLAGS,
                                "calls",
                                transport,
                                activity,
                                Long.toString(lab.plan().span().toMillis()),
                                Integer.toString(lab.plan().manyHeldCalls()),
                                Integer.toString(lab.plan().heldMillis())))
                .forEach((metric, value) -> lab.add(ID, over, CALLS, metric, value));
    }

    @Override
    public List<Table> tables(Plan plan) {
        return List.of(
                table(
                        "In-process calls",
                        "An echo, one call at a time for the latency and 256 at a time for the rate, the next call made by"
                                + " the callback of the last one on the event loop.",
                        List.of("p50", "p99", "rate", "allocated"),
                        List.of("p50 µs", "p99 µs", "calls/s", "bytes allocated for a call")),
                table(
                        "In-process calls, completed on the callback pool",
                        "The same, with the default executor, where user code may block.",
                        List.of("callback-p50", "callback-p99", "callback-rate", "callback-allocated"),
                        List.of("p50 µs", "p99 µs", "calls/s", "bytes allocated for a call")),
                table(
                        "Held in process",
                        plan.manyHeldCalls() + " calls at once to one server, which holds each for "
                                + plan.heldMillis()
                                + " ms. Heap is what is in use in the middle, garbage excluded, over what is in use"
                                + " without a call; what the benchmark itself keeps for each call is part of it.",
                        List.of("held-answered", "held-p99", "held-heap"),
                        List.of("answered", "p99 ms", "bytes of heap for a call")));
    }

    private static Table table(String title, String text, List<String> metrics, List<String> headings) {
        List<Table.Column> columns = new ArrayList<>();
        for (int i = 0; i < metrics.size(); i++) {
            columns.add(new Table.Column(headings.get(i), CALLS, metrics.get(i)));
        }
        return new Table(
                title,
                text,
                ID,
                "over",
                Stream.of(PIPES, AUTO, THREADS, RECORDED).map(Table.Row::of).toList(),
                columns);
    }

    @Override
    public List<Target> targets(Plan plan) {
        return List.of(
                Target.of(
                        "In-process calls: at least 300,000 a second pipelined over one child",
                        Condition.atLeast("", series(AUTO, "rate"), 300_000, "/s")),
                Target.of(
                        "In-process calls: under 15 µs more than the bare transport at p50",
                        Condition.differenceAtMost("", series(AUTO, "p50"), series(PIPES, "p50"), 15, "µs")),
                Target.of(
                        "10,000 in flight in one process on one server: all answered, p99 under 700 ms, at most 2 KB of"
                                + " heap each",
                        Condition.atLeast("answered", series(AUTO, "held-answered"), 10_000, ""),
                        Condition.atMost("p99", series(AUTO, "held-p99"), 700, "ms"),
                        Condition.atMost("heap", series(AUTO, "held-heap"), 2_048, "bytes")));
    }

    private static Series series(String over, String metric) {
        return new Series(ID, over, CALLS, metric);
    }
}
