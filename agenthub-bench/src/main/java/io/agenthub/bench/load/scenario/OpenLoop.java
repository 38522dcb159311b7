package io.agenthub.bench.load.scenario;

import static io.agenthub.bench.load.scenario.Lab.HUB;
import static io.agenthub.bench.load.scenario.Lab.RELAY;
import static io.agenthub.bench.load.scenario.Lab.SDK;

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
import java.util.stream.Stream;

/** The latency at a rate that does not wait for answers. */
public final class OpenLoop implements Scenario {
    private static final String ID = "open-loop";
    private static final String P50 = "p50";
    private static final String P99 = "p99";
    private static final String WORST = "max";
    private static final String RATE = "rate";
    private static final String LATE = "late";
    private static final int CONNECTIONS = 64;
    private static final int TEXT_BYTES = 64;
    /** So often each process is measured at each rate. */
    private static final int TURNS = 5;

    /** Made by the report. */
    public OpenLoop() {}

    @Override
    public String id() {
        return ID;
    }

    @Override
    public void run(Lab lab) throws IOException {
        lab.together(lab.contenders(GatewayOptions.DEFAULT), subjects -> {
            for (Subject subject : subjects) {
                lab.warmUp(subject, () -> connect(lab, subject), lab.plan().warmup());
            }
            for (int rate : lab.plan().openRates()) {
                for (Subject subject : subjects) {
                    lab.warmUp(
                            subject,
                            () -> connect(lab, subject),
                            session -> session.openLoop(rate, lab.plan().span().dividedBy(2)));
                }
                measure(lab, subjects, rate);
            }
        });
    }

    private static LoadSession connect(Lab lab, Subject subject) {
        return lab.generator().connect(subject.port(), CallTemplate.echo(subject.plain(0), TEXT_BYTES), CONNECTIONS);
    }

    private static void measure(Lab lab, List<Subject> subjects, int rate) {
        for (int turn = 0; turn < TURNS; turn++) {
            for (Subject subject : subjects) {
                try (LoadSession session = connect(lab, subject)) {
                    session.openLoop(rate, lab.plan().span().dividedBy(4));
                    measure(lab, subject, session, rate);
                }
            }
        }
    }

    private static void measure(Lab lab, Subject subject, LoadSession session, int rate) {
        String point = Integer.toString(rate);
        LoadResult result = lab.undisturbed(
                        ID,
                        point,
                        subject.name(),
                        subject::cpu,
                        () -> session.openLoop(rate, lab.plan().span()))
                .result();
        lab.add(ID, point, subject.name(), RATE, result.rate());
        lab.add(ID, point, subject.name(), P50, result.millis(50));
        lab.add(ID, point, subject.name(), P99, result.millis(99));
        lab.add(ID, point, subject.name(), WORST, result.millis(100));
        lab.add(ID, point, subject.name(), LATE, result.lateness().getValueAtPercentile(99) / 1e6);
    }

    @Override
    public List<Table> tables(Plan plan) {
        List<Table.Row> rows = plan.openRates().stream()
                .flatMap(rate -> Stream.of(RELAY, HUB, SDK)
                        .map(subject -> new Table.Row(rate + "/s, " + subject, Integer.toString(rate), subject)))
                .toList();
        return List.of(new Table(
                "Open loop",
                "Calls fall due at an even rate over " + CONNECTIONS + " connections, whatever the answers do; latency"
                        + " counts from the time a call was due. The processes stand side by side, and each is measured once it is used to the rate, in "
                        + TURNS + " turns. The last column is how late the generator itself was,"
                        + " which is part of every latency here.",
                ID,
                "due",
                rows,
                List.of(
                        Table.Column.of("calls/s answered", RATE),
                        Table.Column.of("p50 ms", P50),
                        Table.Column.of("p99 ms", P99),
                        Table.Column.of("max ms", WORST),
                        Table.Column.of("generator late, p99 ms", LATE))));
    }

    @Override
    public List<Target> targets(Plan plan) {
        return List.of(
                Target.of(
                        "Open loop at 1,000 calls/s: p99 under 1 ms",
                        Condition.atMost("", new Series(ID, "1000", HUB, P99), 1, "ms")),
                Target.of(
                        "Open loop at 20,000 calls/s, sustained: p99 under 2 ms",
                        Condition.atMost("p99", new Series(ID, "20000", HUB, P99), 2, "ms"),
                        Condition.atLeast("rate", new Series(ID, "20000", HUB, RATE), 19_900, "/s")));
    }
}
