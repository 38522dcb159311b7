package io.agenthub.bench.load.scenario;

import static io.agenthub.bench.load.scenario.Lab.HUB;

import io.agenthub.bench.load.proc.GatewayOptions;
import io.agenthub.bench.load.proc.ProcStat;
import io.agenthub.bench.load.proc.Subject;
import io.agenthub.bench.load.report.Condition;
import io.agenthub.bench.load.report.Series;
import io.agenthub.bench.load.report.Table;
import io.agenthub.bench.load.report.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** How soon the gateway answers after its process was started, and what it takes to stand idle. */
public final class Starts implements Scenario {
    private static final String ID = "start";
    private static final String PLAIN = "as shipped";
    private static final String SHARED = "with class data sharing";
    private static final String FIRST_ANSWER = "first-answer";
    private static final String IDLE = "idle-resident";

    /** So often each kind is started in a round: a start is short, and no two take the same time. */
    private static final int STARTS = 5;

    /** Made by the report. */
    public Starts() {}

    @Override
    public String id() {
        return ID;
    }

    @Override
    public void run(Lab lab) throws IOException {
        Path archive = lab.subjects().folder("archive").resolve("gateway.jsa");
        GatewayOptions plain = GatewayOptions.DEFAULT.unpinned();
        lab.subjects()
                .gateway(plain.withFlags(List.of("-XX:ArchiveClassesAtExit=" + archive)))
                .close();
        GatewayOptions shared = plain.withFlags(List.of("-XX:SharedArchiveFile=" + archive));
        for (int round = 0; round < lab.plan().rounds(); round++) {
            measure(lab, PLAIN, plain);
            measure(lab, SHARED, shared);
        }
    }

    private static void measure(Lab lab, String point, GatewayOptions options) throws IOException {
        for (int i = 0; i < STARTS; i++) {
            Duration first = lab.host().undisturbed(() -> {
                try (Subject gateway = lab.subjects().gateway(options)) {
                    return gateway.untilFirstAnswer();
                }
            });
            lab.add(ID, point, HUB, FIRST_ANSWER, first.toNanos() / 1e9);
        }
        try (Subject gateway = lab.subjects().gateway(options)) {
            LockSupport.parkNanos(lab.plan().span().toNanos());
            ProcStat.residentBytes(gateway.process()).ifPresent(bytes -> lab.add(ID, point, HUB, IDLE, bytes / 1e6));
        }
    }

    @Override
    public List<Table> tables(Plan plan) {
        return List.of(new Table(
                "Start and idle memory",
                "From the start of the gateway's process, not pinned, to the first correct answer of the server behind it,"
                        + " which is a JVM started by it; " + STARTS + " starts in each round. Idle memory "
                        + plan.span().toSeconds() + " s later.",
                ID,
                "gateway",
                List.of(new Table.Row(PLAIN, PLAIN, HUB), new Table.Row(SHARED, SHARED, HUB)),
                List.of(
                        Table.Column.of("first answer after (s)", FIRST_ANSWER),
                        Table.Column.of("resident when idle (MB)", IDLE))));
    }

    @Override
    public List<Target> targets(Plan plan) {
        return List.of(
                Target.of(
                        "First correct answer within 0.7 s of the start, within 0.45 s with class data sharing",
                        Condition.atMost(PLAIN, new Series(ID, PLAIN, HUB, FIRST_ANSWER), 0.7, "s"),
                        Condition.atMost(SHARED, new Series(ID, SHARED, HUB, FIRST_ANSWER), 0.45, "s")),
                Target.of(
                        "Resident memory when idle: under 100 MB",
                        Condition.atMost("", new Series(ID, PLAIN, HUB, IDLE), 100, "MB")));
    }
}
