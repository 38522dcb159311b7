package io.agenthub.bench.load.scenario;

import static io.agenthub.bench.load.scenario.Lab.HUB;
import static io.agenthub.bench.load.scenario.Lab.RELAY;

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
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/** Many servers behind one process: idle, and all of them busy. Nothing is pinned here. */
public final class Children implements Scenario {
    private static final String ID = "children";
    private static final String IDLE = " idle";
    private static final String BUSY = " busy";
    private static final String HUNDRED = "100";
    private static final String CPU = "cpu";
    private static final String MEMORY = "resident";
    private static final String THREADS = "threads";

    private static final String RATE = "rate";
    private static final String P99 = "p99";
    private static final String USED = "machine";

    /** Made by the report. */
    public Children() {}

    @Override
    public String id() {
        return ID;
    }

    @Override
    public void run(Lab lab) throws IOException {
        int count = lab.plan().children();
        GatewayOptions many = GatewayOptions.DEFAULT
                .withSmallChildren(count)
                .withConnections(4 * count)
                .unpinned();
        List<Lab.Contender> contenders = List.of(
                new Lab.Contender(RELAY, () -> lab.subjects().relay(count)),
                new Lab.Contender(HUB, () -> lab.subjects().gateway(many)));
        lab.subjects().pinning().moveSelf(false);
        try {
            lab.together(contenders, subjects -> {
                for (Subject subject : subjects) {
                    lab.warmUp(subject, () -> connect(lab, subject), lab.plan().warmup());
                }
                for (int turn = 0; turn < Plan.TURNS; turn++) {
                    for (Subject subject : subjects) {
                        busy(lab, subject);
                    }
                }
                for (Subject subject : subjects) {
                    idle(lab, subject);
                }
            });
        } finally {
            lab.subjects().pinning().moveSelf(true);
        }
    }

    private static LoadSession connect(Lab lab, Subject subject) {
        List<CallTemplate> templates = IntStream.range(0, lab.plan().children())
                .mapToObj(child -> CallTemplate.echo(subject.plain(child), 64))
                .toList();
        return lab.generator().connect(subject.port(), templates, 2 * lab.plan().children());
    }

    private static void busy(Lab lab, Subject subject) {
        String point = lab.plan().children() + BUSY;
        try (LoadSession session = connect(lab, subject)) {
            session.closedLoop(lab.plan().turn().dividedBy(4));
            Lab.Spent spent = lab.undisturbed(
                    ID,
                    point,
                    subject.name(),
                    () -> everything(subject),
                    () -> session.closedLoop(lab.plan().turn()));
            LoadResult result = spent.result();
            double there =
                    (double) result.span().toNanos() * Runtime.getRuntime().availableProcessors();
            lab.add(ID, point, subject.name(), RATE, result.rate());
            lab.add(ID, point, subject.name(), P99, result.millis(99));
            lab.add(ID, point, subject.name(), USED, spent.cpu().toNanos() / there * 100);
        }
    }

    /** The CPU time of the subject, its servers and the load. */
    private static Duration everything(Subject subject) {
        return ProcStat.familyCpu(subject.process()).plus(ProcStat.cpu(ProcessHandle.current()));
    }

    private static void idle(Lab lab, Subject subject) {
        Duration idle = lab.plan().idle();
        // The load's last effects are not idleness: a batch of records, the compiler's queue, and what the compiler
        // learns anew at the first few health checks without it, one every 10 s.
        LockSupport.parkNanos(idle.multipliedBy(3).dividedBy(2).toNanos());
        Duration before = ProcStat.cpu(subject.process());
        LockSupport.parkNanos(idle.toNanos());
        double used = ProcStat.cpu(subject.process()).minus(before).toNanos();
        lab.add(ID, lab.plan().children() + IDLE, subject.name(), CPU, used / idle.toNanos() * 100);
        lab.add(ID, lab.plan().children() + IDLE, subject.name(), THREADS, ProcStat.threads(subject.process()));
        ProcStat.residentBytes(subject.process())
                .ifPresent(bytes -> lab.add(ID, lab.plan().children() + IDLE, subject.name(), MEMORY, bytes / 1e6));
    }

    @Override
    public List<Table> tables(Plan plan) {
        String servers = plan.children() + " servers";
        return List.of(
                new Table(
                        servers + ", busy",
                        "Echoes over two connections for each server, nothing pinned: the processors are shared by the"
                                + " process, its servers and the load; " + plan.describeTurns()
                                + ". Machine is how much of all processors these used.",
                        ID,
                        "",
                        rows(plan, BUSY),
                        List.of(
                                Table.Column.of("calls/s", RATE),
                                Table.Column.of("p99 (ms)", P99),
                                Table.Column.of("machine (%)", USED))),
                new Table(
                        servers + ", idle",
                        "The same processes after a pause half as long again, in which compilers learn what health checks take, without calls for "
                                + plan.idle().toSeconds() + " s; health checks go on. CPU of the process alone, of one"
                                + " processor.",
                        ID,
                        "",
                        rows(plan, IDLE),
                        List.of(
                                Table.Column.of("CPU (%)", CPU),
                                Table.Column.of("threads", THREADS),
                                Table.Column.of("resident (MB)", MEMORY))));
    }

    private static List<Table.Row> rows(Plan plan, String state) {
        String point = plan.children() + state;
        return List.of(new Table.Row(RELAY, point, RELAY), new Table.Row(HUB, point, HUB));
    }

    @Override
    public List<Target> targets(Plan plan) {
        Series rate = new Series(ID, HUNDRED + BUSY, HUB, RATE);
        return List.of(
                Target.of(
                        "100 idle children cost no CPU: under 1 % of a processor",
                        Condition.atMost("", new Series(ID, HUNDRED + IDLE, HUB, CPU), 1, "%")),
                Target.of(
                        "100 busy ones scale to the cores: 60 % of the relay over as many, and the machine at least 85 %"
                                + " in use",
                        Condition.ratioAtLeast("rate", rate, rate.of(RELAY), 0.6),
                        Condition.atLeast("machine", new Series(ID, HUNDRED + BUSY, HUB, USED), 85, "%")));
    }
}
