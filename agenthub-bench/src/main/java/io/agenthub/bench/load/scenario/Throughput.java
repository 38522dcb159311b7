package io.agenthub.bench.load.scenario;

import static io.agenthub.bench.load.scenario.Lab.HUB;
import static io.agenthub.bench.load.scenario.Lab.RELAY;
import static io.agenthub.bench.load.scenario.Lab.SDK;
import static io.agenthub.bench.load.scenario.Lab.SDK_GATEWAY;

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
import java.util.stream.Stream;

/** How many calls a second, at which latency and for how much CPU, closed loop. */
public final class Throughput implements Scenario {
    /** Its id in data files. */
    public static final String ID = "throughput";

    /** The gateway's MCP face, as a subject of its own. */
    public static final String FACE = "agenthub MCP";

    static final String RATE = "rate";
    static final String P50 = "p50";
    static final String P99 = "p99";
    static final String CPU = "cpu";
    static final String BUSY = "busy";
    static final String RESIDENT = "resident";
    private static final int TEXT_BYTES = 64;
    private static final int WARMUP_CONNECTIONS = 64;

    /** Made by the report. */
    public Throughput() {}

    @Override
    public String id() {
        return ID;
    }

    /** The name of a point. */
    public static String point(int connections) {
        return Integer.toString(connections);
    }

    @Override
    public void run(Lab lab) throws IOException {
        GatewayOptions options =
                GatewayOptions.DEFAULT.withConnections(lab.plan().mostConnections() + 100);
        List<Lab.Contender> contenders = new ArrayList<>(lab.contenders(options));
        contenders.add(
                new Lab.Contender(SDK_GATEWAY, () -> lab.subjects().sdkGateway().renamed(SDK_GATEWAY)));
        lab.together(contenders, subjects -> {
            List<Lane> lanes = new ArrayList<>();
            for (Subject subject : subjects) {
                lanes.addAll(Lane.of(subject));
            }
            lanes.forEach(lane -> lane.warmUp(lab));
            for (int connections : lab.plan().connections()) {
                measure(lab, lanes, connections);
            }
        });
    }

    /** A face of a subject. */
    private record Lane(Subject subject, String name, CallTemplate echo) {

        static List<Lane> of(Subject subject) throws IOException {
            List<Lane> lanes = new ArrayList<>();
            boolean sessionsOnly = subject.name().equals(SDK_GATEWAY);
            if (!sessionsOnly) {
                lanes.add(new Lane(subject, subject.name(), CallTemplate.echo(subject.plain(0), TEXT_BYTES)));
            }
            if (sessionsOnly || subject.name().equals(HUB)) {
                String name = sessionsOnly ? SDK_GATEWAY : FACE;
                subject.session(0)
                        .ifPresent(route -> lanes.add(new Lane(subject, name, CallTemplate.echo(route, TEXT_BYTES))));
            }
            return lanes;
        }

        LoadSession connect(Lab lab, int connections) {
            return lab.generator().connect(subject.port(), echo, connections);
        }

        void warmUp(Lab lab) {
            int warm = Math.min(WARMUP_CONNECTIONS, lab.plan().mostConnections());
            lab.warmUp(subject, () -> connect(lab, warm), lab.plan().warmup());
        }
    }

    private static void measure(Lab lab, List<Lane> lanes, int connections) {
        for (int turn = 0; turn < Plan.TURNS; turn++) {
            for (Lane lane : lanes) {
                try (LoadSession session = lane.connect(lab, connections)) {
                    session.closedLoop(lab.plan().turn().dividedBy(2));
                    Lab.Spent spent = lab.undisturbed(
                            ID,
                            point(connections),
                            lane.name(),
                            lane.subject()::cpu,
                            () -> session.closedLoop(lab.plan().turn()));
                    record(lab, lane.subject(), lane.name(), point(connections), spent);
                }
            }
        }
    }

    private static void record(Lab lab, Subject subject, String name, String point, Lab.Spent spent) {
        LoadResult result = spent.result();
        lab.add(ID, point, name, RATE, result.rate());
        lab.add(ID, point, name, P50, result.millis(50));
        lab.add(ID, point, name, P99, result.millis(99));
        lab.add(ID, point, name, CPU, spent.cpuOfManyCalls());
        lab.add(
                ID,
                point,
                name,
                BUSY,
                100.0 * spent.cpu().toNanos() / result.span().toNanos());
        ProcStat.residentBytes(subject.process()).ifPresent(bytes -> lab.add(ID, point, name, RESIDENT, bytes / 1e6));
    }

    @Override
    public List<Table> tables(Plan plan) {
        List<Table.Row> points = plan.connections().stream()
                .map(connections -> Table.Row.of(point(connections)))
                .toList();
        String text = "An echo of " + TEXT_BYTES
                + " bytes through a fast stub server, closed loop, one call under way on each connection; "
                + plan.describeTurns() + ".";
        return List.of(
                table("Throughput (calls/s)", text, RATE, points),
                table("Latency p50 (ms)", "", P50, points),
                table("Latency p99 (ms)", "", P99, points),
                table("CPU seconds of the process for 10,000 calls", "", CPU, points),
                table(
                        "Processor time of the process (% of one)",
                        "Where it is well below 100, the load and the stub server on the other processor are the limit.",
                        BUSY,
                        points),
                table("Resident memory after the run (MB)", "", RESIDENT, points));
    }

    private static Table table(String title, String text, String metric, List<Table.Row> points) {
        List<Table.Column> columns = Stream.of(RELAY, HUB, FACE, SDK, SDK_GATEWAY)
                .map(subject -> new Table.Column(subject, subject, metric))
                .toList();
        return new Table(title, text, ID, "connections", points, columns);
    }

    @Override
    public List<Target> targets(Plan plan) {
        List<Integer> many = plan.connections().stream().filter(n -> n >= 16).toList();
        return List.of(
                target("Plain proxy: at least 60 % of the relay's throughput", many, HUB, RATE, RELAY, 0.6, true),
                target(
                        "MCP session calls: at least 60 % of the relay's throughput",
                        many, FACE, RATE, RELAY, 0.6, true),
                target(
                        "Plain proxy: at least 8 times the official SDK as a gateway, its own server (with sessions) and client",
                        many,
                        HUB,
                        RATE,
                        SDK_GATEWAY,
                        8,
                        true),
                target(
                        "MCP session calls: at least 8 times the official SDK as a gateway, its own server (with sessions) and client",
                        many,
                        FACE,
                        RATE,
                        SDK_GATEWAY,
                        8,
                        true),
                target(
                        "Plain proxy: at least 8 times the official SDK's client behind the relay's HTTP server",
                        many,
                        HUB,
                        RATE,
                        SDK,
                        8,
                        true),
                target(
                        "MCP session calls: at least 8 times the official SDK's client behind the relay's HTTP server",
                        many,
                        FACE,
                        RATE,
                        SDK,
                        8,
                        true),
                target(
                        "Plain proxy: at most 1.7 times the relay's CPU for each call",
                        many,
                        HUB,
                        CPU,
                        RELAY,
                        1.7,
                        false),
                target(
                        "MCP session calls: at most 1.7 times the relay's CPU for each call",
                        many,
                        FACE,
                        CPU,
                        RELAY,
                        1.7,
                        false),
                target("MCP session calls: at least 90 % of the plain proxy", many, FACE, RATE, HUB, 0.9, true),
                target("One connection: at least 80 % of the relay's rate", List.of(1), HUB, RATE, RELAY, 0.8, true),
                Target.of(
                        "Resident memory after the load of 1,000 connections: under 128 MB",
                        Condition.atMost("", series(1_000, HUB, RESIDENT), 128, "MB")));
    }

    private static Target target(
            String sentence,
            List<Integer> points,
            String subject,
            String metric,
            String reference,
            double bound,
            boolean atLeast) {
        return new Target(
                sentence,
                points.stream()
                        .map(point -> {
                            Series series = series(point, subject, metric);
                            String label = point + (point == 1 ? " connection" : " connections");
                            return atLeast
                                    ? Condition.ratioAtLeast(label, series, series.of(reference), bound)
                                    : Condition.ratioAtMost(label, series, series.of(reference), bound);
                        })
                        .toList());
    }

    private static Series series(int connections, String subject, String metric) {
        return new Series(ID, point(connections), subject, metric);
    }
}
