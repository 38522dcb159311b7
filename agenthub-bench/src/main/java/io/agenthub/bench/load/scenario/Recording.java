package io.agenthub.bench.load.scenario;

import io.agenthub.bench.load.http.CallTemplate;
import io.agenthub.bench.load.http.LoadResult;
import io.agenthub.bench.load.http.LoadSession;
import io.agenthub.bench.load.proc.GatewayOptions;
import io.agenthub.bench.load.proc.Subject;
import io.agenthub.bench.load.report.Condition;
import io.agenthub.bench.load.report.Series;
import io.agenthub.bench.load.report.Table;
import io.agenthub.bench.load.report.Target;
import java.io.IOException;
import java.util.List;

/** What the record costs: a gateway that keeps one and a gateway that keeps none, in turns. */
public final class Recording implements Scenario {
    private static final String ID = "recording";
    static final String WITH = "recorded";
    static final String WITHOUT = "not recorded";
    private static final String FREE = "free";
    private static final String PINNED = "one processor";
    private static final String RATE = "rate";
    private static final String P99 = "p99";
    private static final String CPU = "cpu";
    private static final int CONNECTIONS = 64;
    private static final int TEXT_BYTES = 64;
    /** Many short turns, so that what else happens to the machine happens to both, */
    private static final int TURNS = 6;

    /** and several pairs, since two processes of the same gateway differ by as much as the record costs: their compilers choose as it comes. */
    private static final int PAIRS = 3;

    private static final int TURNS_IN_A_SPAN = 4;
    /** Each stood still while the other was warmed up, and its JVM compiles some of it once more. */
    private static final int SETTLING_TURNS = 6;

    /** Made by the report. */
    public Recording() {}

    @Override
    public String id() {
        return ID;
    }

    @Override
    public void run(Lab lab) throws IOException {
        for (int round = 0; round < lab.plan().rounds(); round++) {
            for (int pair = 0; pair < PAIRS; pair++) {
                measure(lab, FREE, GatewayOptions.DEFAULT.unpinned());
                measure(lab, PINNED, GatewayOptions.DEFAULT);
            }
        }
    }

    private static void measure(Lab lab, String point, GatewayOptions options) throws IOException {
        try (Subject with = lab.subjects().gateway(options).renamed(WITH);
                Subject without =
                        lab.subjects().gateway(options.withoutActivities()).renamed(WITHOUT)) {
            warmUp(lab, with);
            warmUp(lab, without);
            try (LoadSession recorded = connect(lab, with);
                    LoadSession unrecorded = connect(lab, without)) {
                for (int turn = 0; turn < SETTLING_TURNS; turn++) {
                    turn(lab, recorded);
                    turn(lab, unrecorded);
                }
                for (int turn = 0; turn < TURNS; turn++) {
                    measure(lab, point, with, recorded);
                    measure(lab, point, without, unrecorded);
                }
            }
        }
    }

    private static void measure(Lab lab, String point, Subject subject, LoadSession session) {
        Lab.Spent spent = lab.undisturbed(ID, point, subject.name(), subject::cpu, () -> turn(lab, session));
        LoadResult result = spent.result();
        lab.add(ID, point, subject.name(), RATE, result.rate());
        lab.add(ID, point, subject.name(), P99, result.millis(99));
        lab.add(ID, point, subject.name(), CPU, spent.cpuOfManyCalls());
    }

    private static LoadResult turn(Lab lab, LoadSession session) {
        return session.closedLoop(lab.plan().span().dividedBy(TURNS_IN_A_SPAN));
    }

    private static void warmUp(Lab lab, Subject subject) {
        lab.warmUp(subject, () -> connect(lab, subject), lab.plan().warmup());
    }

    private static LoadSession connect(Lab lab, Subject subject) {
        CallTemplate echo = CallTemplate.echo(subject.plain(0), TEXT_BYTES);
        return lab.generator().connect(subject.port(), echo, CONNECTIONS);
    }

    @Override
    public List<Table> tables(Plan plan) {
        return List.of(new Table(
                "The record",
                "Echoes over " + CONNECTIONS
                        + " connections, closed loop, through a gateway that records each call and one that"
                        + " records none, in turns of a quarter of the others' measurements; " + PAIRS
                        + " pairs of new processes in each round. Free: gateway and server may"
                        + " use every processor, as they would; one processor: the gateway, its writer included, has that for itself.",
                ID,
                "gateway",
                List.of(
                        new Table.Row("free, recorded", FREE, WITH),
                        new Table.Row("free, not recorded", FREE, WITHOUT),
                        new Table.Row("one processor, recorded", PINNED, WITH),
                        new Table.Row("one processor, not recorded", PINNED, WITHOUT)),
                List.of(
                        Table.Column.of("calls/s", RATE),
                        Table.Column.of("p99 ms", P99),
                        Table.Column.of("CPU s for 10,000 calls", CPU))));
    }

    @Override
    public List<Target> targets(Plan plan) {
        return List.of(Target.of(
                "With the record on at least 90 % of the throughput with it off",
                Condition.ratioAtLeast(
                        "", new Series(ID, FREE, WITH, RATE), new Series(ID, FREE, WITHOUT, RATE), 0.9)));
    }
}
