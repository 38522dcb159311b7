package io.agenthub.bench.load.scenario;

import static io.agenthub.bench.load.scenario.Lab.HUB;
import static io.agenthub.bench.load.scenario.Lab.RELAY;

import io.agenthub.bench.load.http.CallTemplate;
import io.agenthub.bench.load.http.LoadResult;
import io.agenthub.bench.load.http.LoadSession;
import io.agenthub.bench.load.http.SlowReader;
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

/** What clients cost that ask for much and do not read it, and whether others feel them. */
public final class SlowReaders implements Scenario {
    private static final String ID = "slow-readers";
    private static final String GROWTH = "growth";
    private static final String P99 = "p99";
    private static final String COMPLETE = "complete";
    private static final int READERS = 8;
    private static final int CALLS_EACH = 16;
    private static final int ANSWER_BYTES = 1 << 20;
    private static final int OTHERS = 16;
    // One answer waiting on each connection, twice over for the copy on its way to the socket, and as much for the heap
    // to breathe.
    private static final double BOUND_MB = READERS * ANSWER_BYTES * 4 / 1e6;

    /** Made by the report. */
    public SlowReaders() {}

    @Override
    public String id() {
        return ID;
    }

    @Override
    public void run(Lab lab) throws IOException {
        List<Lab.Contender> contenders = lab.contenders(GatewayOptions.DEFAULT).stream()
                .filter(contender -> !contender.name().equals(Lab.SDK))
                .toList();
        lab.rounds(contenders, subject -> measure(lab, subject));
    }

    private static void measure(Lab lab, Subject subject) throws IOException {
        CallTemplate echo = CallTemplate.echo(subject.plain(0), 64);
        List<SlowReader> readers = new ArrayList<>();
        lab.warmUp(
                subject,
                () -> lab.generator().connect(subject.port(), echo, OTHERS),
                lab.plan().warmup());
        try (LoadSession others = lab.generator().connect(subject.port(), echo, OTHERS)) {
            ProcStat.forgetPeak(subject.process());
            long before = ProcStat.residentBytes(subject.process()).orElse(0);
            for (int i = 0; i < READERS; i++) {
                readers.add(SlowReader.ask(subject.plain(0), CALLS_EACH, ANSWER_BYTES));
            }
            LoadResult result = others.closedLoop(lab.plan().span());
            long after = ProcStat.peakResidentBytes(subject.process()).orElse(0);
            lab.add(ID, "", subject.name(), GROWTH, (after - before) / 1e6);
            lab.add(ID, "", subject.name(), P99, result.millis(99));
            lab.addFaults(ID, "", subject.name(), result);
            int complete = 0;
            for (SlowReader reader : readers) {
                complete += reader.readAll();
            }
            lab.add(ID, "", subject.name(), COMPLETE, complete);
        } finally {
            for (SlowReader reader : readers) {
                reader.close();
            }
        }
    }

    @Override
    public List<Table> tables(Plan plan) {
        return List.of(new Table(
                "Slow readers",
                READERS + " clients each ask " + CALLS_EACH + " times for 1 MiB without waiting, and read nothing for "
                        + plan.span().toSeconds() + " s; " + OTHERS
                        + " others echo meanwhile. Growth is the peak of resident memory over what it was before. In the"
                        + " end the slow ones read, and every answer has to be there, whole and in order: "
                        + READERS * CALLS_EACH + ".",
                ID,
                "",
                List.of(new Table.Row(RELAY, "", RELAY), new Table.Row(HUB, "", HUB)),
                List.of(
                        Table.Column.of("memory growth (MB)", GROWTH),
                        Table.Column.of("others' p99 (ms)", P99),
                        Table.Column.of("complete in the end", COMPLETE))));
    }

    @Override
    public List<Target> targets(Plan plan) {
        return List.of(Target.of(
                "A slow reader holds memory to its own bound: four answers for each connection",
                Condition.atMost("growth", new Series(ID, "", HUB, GROWTH), BOUND_MB, "MB"),
                Condition.atLeast(
                        "complete in the end", new Series(ID, "", HUB, COMPLETE), READERS * CALLS_EACH, "answers")));
    }
}
