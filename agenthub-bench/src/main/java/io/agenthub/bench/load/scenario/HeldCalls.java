package io.agenthub.bench.load.scenario;

import static io.agenthub.bench.load.scenario.Lab.HUB;
import static io.agenthub.bench.load.scenario.Lab.RELAY;
import static io.agenthub.bench.load.scenario.Lab.SDK;

import io.agenthub.bench.load.http.CallTemplate;
import io.agenthub.bench.load.http.LoadResult;
import io.agenthub.bench.load.http.LoadSession;
import io.agenthub.bench.load.proc.GatewayOptions;
import io.agenthub.bench.load.proc.ProcStat;
import io.agenthub.bench.load.proc.Subject;
import io.agenthub.bench.load.report.Condition;
import io.agenthub.bench.load.report.Series;
import io.agenthub.bench.load.report.Table;
import io.agenthub.bench.load.report.Target;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** Many calls at once that the server holds for a while: who answers them all, when, and what they cost in memory. */
public final class HeldCalls implements Scenario {
    private static final String ID = "held";
    private static final String SMALL = "agenthub, -Xmx64m";
    private static final String COLD = "cold-p95";
    private static final String COLD_GROWTH = "cold-growth";
    private static final String WARM_UP_GROWTH = "warm-up-growth";
    private static final String P95 = "p95";
    private static final String P99 = "p99";
    private static final String GROWTH = "growth";
    private static final String THOUSAND = "1000";
    private static final String MANY = "10000";
    private static final int WAVES = 3;
    private static final int WARMUP_CONNECTIONS = 64;
    private static final int TEXT_BYTES = 64;
    private static final double MEGA = 1e6;

    /** Made by the report. */
    public HeldCalls() {}

    @Override
    public String id() {
        return ID;
    }

    @Override
    public void run(Lab lab) throws IOException {
        // Those of one session may still be closing when those of the next arrive.
        GatewayOptions options =
                GatewayOptions.DEFAULT.withConnections(2 * lab.plan().manyHeldCalls() + 1_000);
        List<Lab.Contender> contenders = new ArrayList<>(lab.contenders(options));
        GatewayOptions small = options.withFlags(List.of("-Xmx64m"));
        contenders.add(
                new Lab.Contender(SMALL, () -> lab.subjects().gateway(small).renamed(SMALL)));
        lab.rounds(contenders, subject -> {
            measure(lab, subject, lab.plan().heldCalls());
            if (subject.name().equals(HUB) || subject.name().equals(RELAY)) {
                measure(lab, subject, lab.plan().manyHeldCalls());
            }
        });
    }

    private static void measure(Lab lab, Subject subject, int calls) {
        String point = Integer.toString(calls);
        CallTemplate held = CallTemplate.delay(subject.plain(0), lab.plan().heldMillis());
        long before = forgetPeak(subject);
        try (LoadSession session = lab.generator().connect(subject.port(), held, calls)) {
            LoadResult first = session.burst();
            lab.addFaults(ID, point, subject.name(), first);
            lab.add(ID, point, subject.name(), COLD, first.millis(95));
            addGrowth(lab, subject, point, COLD_GROWTH, before);
        }
        warmUp(lab, subject);
        before = forgetPeak(subject);
        lab.warmUp(subject, () -> lab.generator().connect(subject.port(), held, calls), LoadSession::burst);
        addGrowth(lab, subject, point, WARM_UP_GROWTH, before);
        // What compilers have freed goes back to the system meanwhile, and hides no growth.
        LockSupport.parkNanos(lab.plan().span().toNanos());
        before = forgetPeak(subject);
        try (LoadSession session = lab.generator().connect(subject.port(), held, calls)) {
            LoadResult all = lab.host().undisturbed(() -> waves(lab, subject, session, point));
            lab.add(ID, point, subject.name(), P95, all.millis(95));
            lab.add(ID, point, subject.name(), P99, all.millis(99));
            addGrowth(lab, subject, point, GROWTH, before);
        }
    }

    private static void warmUp(Lab lab, Subject subject) {
        CallTemplate echo = CallTemplate.echo(subject.plain(0), TEXT_BYTES);
        int connections = Math.min(WARMUP_CONNECTIONS, lab.plan().heldCalls());
        lab.warmUp(
                subject,
                () -> lab.generator().connect(subject.port(), echo, connections),
                lab.plan().warmup());
    }

    /** What is resident now, which is the peak from now on. */
    private static long forgetPeak(Subject subject) {
        ProcStat.forgetPeak(subject.process());
        return ProcStat.residentBytes(subject.process()).orElse(0);
    }

    private static void addGrowth(Lab lab, Subject subject, String point, String metric, long before) {
        ProcStat.peakResidentBytes(subject.process())
                .ifPresent(peak -> lab.add(ID, point, subject.name(), metric, (peak - before) / MEGA));
    }

    /** Three waves in a row, as one result. */
    private static LoadResult waves(Lab lab, Subject subject, LoadSession session, String point) {
        LoadResult all = session.burst();
        lab.addFaults(ID, point, subject.name(), all);
        for (int i = 1; i < WAVES; i++) {
            LoadResult next = session.burst();
            lab.addFaults(ID, point, subject.name(), next);
            all.latency().add(next.latency());
        }
        return all;
    }

    @Override
    public List<Table> tables(Plan plan) {
        List<Table.Row> rows = Stream.of(plan.heldCalls(), plan.manyHeldCalls())
                .flatMap(calls -> Stream.of(RELAY, HUB, SMALL, SDK)
                        .map(subject -> new Table.Row(calls + ", " + subject, Integer.toString(calls), subject)))
                .toList();
        return List.of(new Table(
                "Calls held by the server",
                "All calls are sent at once, each on its own connection, and the server holds each for "
                        + plan.heldMillis()
                        + " ms. The first wave meets a process that has answered one call before: classes are loaded and"
                        + " code is compiled meanwhile. Then the process is warmed up, as for throughput and by such waves over new"
                        + " connections, and after a pause three more follow in a row. Growth is the peak of resident memory less what"
                        + " it was before: that of a process before its first wave, of the three after the warm-up, over connections of"
                        + " their own; that of the warm-up itself is over all its waves, and has what compilers need meanwhile.",
                ID,
                "calls at once",
                rows,
                List.of(
                        Table.Column.of("answered in a wave", Lab.ANSWERED),
                        Table.Column.of("p95 ms, cold", COLD),
                        Table.Column.of("growth MB, cold", COLD_GROWTH),
                        Table.Column.of("growth MB, warm-up", WARM_UP_GROWTH),
                        Table.Column.of("p95 ms", P95),
                        Table.Column.of("p99 ms", P99),
                        Table.Column.of("growth MB", GROWTH))));
    }

    @Override
    public List<Target> targets(Plan plan) {
        return List.of(
                Target.of(
                        "1,000 calls at once, held 500 ms, three in a row, warmed up: all answered, p95 under 530 ms, resident memory"
                                + " growing under 10 MB, then and by the first such wave of a process",
                        Condition.atLeast("answered in a wave", series(THOUSAND, HUB, Lab.ANSWERED), 1_000, ""),
                        Condition.atMost("p95", series(THOUSAND, HUB, P95), 530, "ms"),
                        Condition.atMost("growth", series(THOUSAND, HUB, GROWTH), 10, "MB"),
                        Condition.atMost("first growth", series(THOUSAND, HUB, COLD_GROWTH), 10, "MB")),
                Target.of(
                        "`-Xmx64m` still serves 1,000 in flight",
                        Condition.atLeast("answered in a wave", series(THOUSAND, SMALL, Lab.ANSWERED), 1_000, "")),
                Target.of(
                        "10,000 in flight over HTTP: all answered, p99 under 700 ms",
                        Condition.atLeast("answered in a wave", series(MANY, HUB, Lab.ANSWERED), 10_000, ""),
                        Condition.atMost("p99", series(MANY, HUB, P99), 700, "ms")));
    }

    private static Series series(String point, String subject, String metric) {
        return new Series(ID, point, subject, metric);
    }
}
