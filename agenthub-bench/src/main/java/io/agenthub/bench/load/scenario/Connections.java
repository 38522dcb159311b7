package io.agenthub.bench.load.scenario;

import static io.agenthub.bench.load.scenario.Lab.HUB;

import io.agenthub.bench.load.http.OneCall;
import io.agenthub.bench.load.http.Route;
import io.agenthub.bench.load.proc.GatewayOptions;
import io.agenthub.bench.load.proc.Subject;
import io.agenthub.bench.load.report.Condition;
import io.agenthub.bench.load.report.Series;
import io.agenthub.bench.load.report.Table;
import io.agenthub.bench.load.report.Target;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How long the gateway keeps an idle connection, and whether it says so before it closes one. Measured once. */
public final class Connections implements Scenario {
    private static final String ID = "connections";
    private static final String KEPT = "kept";
    private static final String SAID = "said";
    private static final String CALL = """
            {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{"message":"hello"}}}""";

    /** Made by the report. */
    public Connections() {}

    @Override
    public String id() {
        return ID;
    }

    @Override
    public void run(Lab lab) throws IOException {
        try (Subject gateway = lab.subjects().gateway(GatewayOptions.DEFAULT)) {
            lab.add(ID, "", HUB, SAID, saysClose(gateway) ? 1 : 0);
            lab.add(ID, "", HUB, KEPT, kept(gateway, lab.plan().idleConnection()));
        }
    }

    private static boolean saysClose(Subject gateway) throws IOException {
        Route plain = gateway.plain(0);
        try (OneCall connection = OneCall.connect(gateway.port(), Duration.ofSeconds(5))) {
            OneCall.Answer answer =
                    connection.post(new Route(plain.port(), plain.path(), Map.of("Connection", "close")), CALL);
            boolean said = answer.header("Connection")
                    .filter(value -> value.toLowerCase(Locale.ROOT).equals("close"))
                    .isPresent();
            return said && answer.status() == 200 && connection.ended();
        }
    }

    /** Seconds until an idle connection is closed, at most as long as it is watched. */
    private static double kept(Subject gateway, Duration watched) throws IOException {
        try (OneCall connection = OneCall.connect(gateway.port(), watched)) {
            connection.post(gateway.plain(0), CALL);
            long begun = System.nanoTime();
            try {
                connection.ended();
            } catch (SocketTimeoutException e) {
                return watched.toNanos() / 1e9;
            }
            return (System.nanoTime() - begun) / 1e9;
        }
    }

    @Override
    public List<Table> tables(Plan plan) {
        return List.of(new Table(
                "Connections",
                "How long an idle connection is kept, watched for "
                        + plan.idleConnection().toSeconds() + " s; and whether an answer says `Connection: close`"
                        + " before the connection is closed (1) or not (0).",
                ID,
                "",
                List.of(new Table.Row(HUB, "", HUB)),
                List.of(
                        Table.Column.of("idle connection kept (s)", KEPT),
                        Table.Column.of("says so before closing", SAID))));
    }

    @Override
    public List<Target> targets(Plan plan) {
        return List.of(Target.of(
                "Idle connections kept for 60 s or more, and `Connection: close` said before closing",
                Condition.atLeast("kept", new Series(ID, "", HUB, KEPT), 59.5, "s"),
                Condition.atLeast("said", new Series(ID, "", HUB, SAID), 1, "")));
    }
}
