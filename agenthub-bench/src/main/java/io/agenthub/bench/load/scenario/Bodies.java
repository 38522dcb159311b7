package io.agenthub.bench.load.scenario;

import static io.agenthub.bench.load.scenario.Lab.HUB;
import static io.agenthub.bench.load.scenario.Lab.RELAY;
import static io.agenthub.bench.load.scenario.Lab.SDK;

import io.agenthub.bench.load.http.CallTemplate;
import io.agenthub.bench.load.http.LoadResult;
import io.agenthub.bench.load.http.LoadSession;
import io.agenthub.bench.load.http.Route;
import io.agenthub.bench.load.proc.GatewayOptions;
import io.agenthub.bench.load.proc.Subject;
import io.agenthub.bench.load.report.Condition;
import io.agenthub.bench.load.report.Series;
import io.agenthub.bench.load.report.Table;
import io.agenthub.bench.load.report.Target;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/** How fast large bodies go through. */
public final class Bodies implements Scenario {
    private static final String ID = "bodies";
    private static final String PIPES = "pipes";
    private static final String SPEED = "speed";
    private static final int KIB = 1024;
    private static final int MIB = 1024 * KIB;
    private static final String ECHO = "16 KiB echo";
    private static final String ANSWER = "256 KiB answer";
    private static final String LARGE = "1 MiB answer";
    private static final String LONGEST = "16 MiB answer";

    /** One kind of call, and over how many connections. */
    private record Load(String point, int bytes, int connections) {
        CallTemplate template(Route route) {
            return point.equals(ECHO) ? CallTemplate.echo(route, bytes) : CallTemplate.blob(route, bytes);
        }
    }

    /** Made by the report. */
    public Bodies() {}

    @Override
    public String id() {
        return ID;
    }

    private static List<Load> loads(Plan plan) {
        return List.of(
                new Load(ECHO, 16 * KIB, 16),
                new Load(ANSWER, 256 * KIB, 8),
                new Load(LARGE, MIB, 4),
                new Load(LONGEST, plan.longBody(), 2));
    }

    @Override
    public void run(Lab lab) throws IOException {
        lab.together(lab.contenders(GatewayOptions.DEFAULT), subjects -> {
            for (Load load : loads(lab.plan())) {
                for (Subject subject : subjects) {
                    CallTemplate template = load.template(subject.plain(0));
                    lab.warmUp(
                            subject,
                            () -> lab.generator().connect(subject.port(), template, load.connections()),
                            lab.plan().warmup().dividedBy(2));
                }
                for (int turn = 0; turn < Plan.TURNS; turn++) {
                    measurePipes(lab, load);
                    for (Subject subject : subjects) {
                        measure(lab, subject, load);
                    }
                }
            }
        });
    }

    private static void measurePipes(Lab lab, Load load) throws IOException {
        if (!load.point().equals(ECHO)) {
            String bytes = Integer.toString(load.bytes());
            String millis = Long.toString(lab.plan().turn().toMillis());
            double speed = lab.host()
                    .undisturbed(() -> lab.subjects().part(List.of(), "pipes", bytes, millis))
                    .getOrDefault(SPEED, 0.0);
            lab.add(ID, load.point(), PIPES, SPEED, speed / 1e6);
        }
    }

    private static void measure(Lab lab, Subject subject, Load load) {
        CallTemplate template = load.template(subject.plain(0));
        try (LoadSession session = lab.generator().connect(subject.port(), template, load.connections())) {
            session.closedLoop(lab.plan().turn().dividedBy(4));
            LoadResult result = lab.undisturbed(
                            ID,
                            load.point(),
                            subject.name(),
                            subject::cpu,
                            () -> session.closedLoop(lab.plan().turn()))
                    .result();
            lab.add(ID, load.point(), subject.name(), SPEED, result.rate() * template.answerBytes() / 1e6);
        }
    }

    @Override
    public List<Table> tables(Plan plan) {
        List<Table.Column> columns = Stream.of(PIPES, RELAY, HUB, SDK)
                .map(subject -> new Table.Column(subject + " MB/s", subject, SPEED))
                .toList();
        return List.of(new Table(
                "Large bodies",
                "Text of the answers, closed loop over 16, 8, 4 and 2 connections; "
                        + plan.describeTurns() + ". The echo carries as much in the request."
                        + " Pipes is the same answer read from the server's pipe and not looked at.",
                ID,
                "body",
                loads(plan).stream().map(load -> Table.Row.of(load.point())).toList(),
                columns));
    }

    @Override
    public List<Target> targets(Plan plan) {
        return List.of(
                Target.of(
                        "16 KiB echo and 256 KiB answers at 80 % of the relay or better",
                        ratio(ECHO, RELAY, 0.8), ratio(ANSWER, RELAY, 0.8)),
                Target.of(
                        "1 MiB and 16 MiB answers at no less than half the speed of copying them through the pipes",
                        ratio(LARGE, PIPES, 0.5),
                        ratio(LONGEST, PIPES, 0.5)));
    }

    private static Condition ratio(String point, String reference, double bound) {
        Series series = new Series(ID, point, HUB, SPEED);
        return Condition.ratioAtLeast(point, series, series.of(reference), bound);
    }
}
