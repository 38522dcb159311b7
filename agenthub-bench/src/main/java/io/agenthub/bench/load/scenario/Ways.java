package io.agenthub.bench.load.scenario;

import io.agenthub.bench.load.report.Table;
import io.agenthub.bench.load.report.Target;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/** Asynchronous calls against threads and processes that wait: the comparison that the design rests on. */
public final class Ways implements Scenario {
    private static final String ID = "ways";
    private static final String CALLS = "calls";
    private static final String ASYNC = "async";
    private static final String THREADS = "threads";
    private static final String VIRTUAL = "virtual";
    private static final String PROCESS = "processes";
    private static final int VIRTUAL_SINCE = 21;
    private static final int PROCESSES = 50;

    /** Made by the report. */
    public Ways() {}

    @Override
    public String id() {
        return ID;
    }

    @Override
    public void run(Lab lab) throws IOException {
        int calls = lab.plan().heldCalls();
        for (int round = 0; round < lab.plan().rounds(); round++) {
            lab.log().accept("  round " + (round + 1));
            measure(lab, ASYNC, calls);
            measure(lab, THREADS, calls);
            if (Runtime.version().feature() >= VIRTUAL_SINCE) {
                measure(lab, VIRTUAL, calls);
            }
            measure(lab, PROCESS, Math.min(calls, PROCESSES));
        }
    }

    private static void measure(Lab lab, String way, int calls) throws IOException {
        int millis = lab.plan().heldMillis() / 5;
        lab.subjects()
                .part(List.of("-Xmx512m"), "ways", way, Integer.toString(calls), Integer.toString(millis))
                .forEach((metric, value) -> lab.add(ID, way, CALLS, metric, value));
    }

    @Override
    public List<Table> tables(Plan plan) {
        return List.of(new Table(
                "Ways to wait",
                plan.heldCalls() + " calls at once to one server, which holds each for " + plan.heldMillis() / 5
                        + " ms, three waves from a cold start. Asynchronous: no thread waits. Threads, virtual (Java 21 and"
                        + " newer): each call is waited for by a thread of its own, through the same hub. Processes: each"
                        + " call has a server process of its own, with start, handshake and end; " + PROCESSES
                        + " calls, two at a time for each processor.",
                ID,
                "way",
                Stream.of(ASYNC, THREADS, VIRTUAL, PROCESS).map(Table.Row::of).toList(),
                List.of(
                        new Table.Column("calls/s", CALLS, "rate"),
                        new Table.Column("p50 ms", CALLS, "p50"),
                        new Table.Column("p95 ms", CALLS, "p95"),
                        new Table.Column("CPU ms for a call, server included", CALLS, "cpu"),
                        new Table.Column("memory growth MB", CALLS, "growth"),
                        new Table.Column("peak threads", CALLS, "threads"))));
    }

    @Override
    public List<Target> targets(Plan plan) {
        return List.of();
    }
}
