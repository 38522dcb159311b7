package io.agenthub.bench.load.scenario;

import io.agenthub.bench.load.http.LoadGenerator;
import io.agenthub.bench.load.http.LoadResult;
import io.agenthub.bench.load.http.LoadSession;
import io.agenthub.bench.load.proc.GatewayOptions;
import io.agenthub.bench.load.proc.Host;
import io.agenthub.bench.load.proc.ProcStat;
import io.agenthub.bench.load.proc.Subject;
import io.agenthub.bench.load.proc.Subjects;
import io.agenthub.bench.load.report.Measurements;
import io.agenthub.bench.load.report.Series;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What scenarios work with.
 *
 * @param subjects starts processes
 * @param generator makes load
 * @param host says when the machine was not ours alone
 * @param plan how much is measured
 * @param measurements where numbers go
 * @param log hears what is going on
 */
public record Lab(
        Subjects subjects,
        LoadGenerator generator,
        Host host,
        Plan plan,
        Measurements measurements,
        Consumer<String> log) {
    /** The gateway under measurement. */
    public static final String HUB = "agenthub";

    /** The minimal relay. */
    public static final String RELAY = "relay";

    /** The official Java SDK's client behind the relay's HTTP front. */
    public static final String SDK = "sdk client";

    /** A gateway made of the official Java SDK alone; it has MCP sessions and no plain calls. */
    public static final String SDK_GATEWAY = "sdk gateway";

    /** How much of a processor compilers take when they have little to do; what takes more than 1 % decides a 99th percentile. */
    static final double QUIET = 0.01;

    private static final int QUIET_STEPS = 2;
    private static final int LEAST_STEPS = 5;
    private static final int MOST_STEPS = 30;

    static final String ERRORS = "errors";
    static final String MISMATCHES = "mismatches";
    static final String ANSWERED = "answered";

    /** Something that is started, measured and ended. */
    @FunctionalInterface
    interface Start {
        Subject start() throws IOException;
    }

    /** What is done with all of those that run side by side. */
    @FunctionalInterface
    interface UseTogether {
        void accept(List<Subject> subjects) throws IOException;
    }

    /** What is done with a subject. */
    @FunctionalInterface
    interface Use {
        void accept(Subject subject) throws IOException;
    }

    /**
     * A subject that takes part in a scenario.
     *
     * @param name what reports call it
     * @param start starts it
     */
    record Contender(String name, Start start) {}

    /** The gateway with its features on, and the peers. */
    List<Contender> contenders(GatewayOptions gateway) {
        return List.of(
                new Contender(RELAY, () -> subjects.relay(1)),
                new Contender(HUB, () -> subjects.gateway(gateway)),
                new Contender(SDK, () -> subjects.sdk().renamed(SDK)));
    }

    /** Runs each contender in each round, one after the other. */
    void rounds(List<Contender> contenders, Use use) throws IOException {
        for (int round = 0; round < plan.rounds(); round++) {
            for (Contender contender : order(contenders, round)) {
                log.accept("  round " + (round + 1) + ": " + contender.name());
                try (Subject subject = contender.start().start()) {
                    use.accept(subject);
                }
            }
        }
    }

    private static List<Contender> order(List<Contender> contenders, int round) {
        List<Contender> order = new ArrayList<>(contenders);
        Collections.rotate(order, round);
        return order;
    }

    /**
     * Starts the contenders of each round side by side, to be measured in turns: what changes about the machine in the minutes that a
     * round takes changes for all of them. Only one of them has anything to do at a time.
     */
    void together(List<Contender> contenders, UseTogether use) throws IOException {
        for (int round = 0; round < plan.rounds(); round++) {
            List<Contender> order = order(contenders, round);
            log.accept("  round " + (round + 1) + ": "
                    + order.stream().map(Contender::name).collect(Collectors.joining(", ")));
            List<Subject> started = new ArrayList<>();
            try {
                for (Contender contender : order) {
                    started.add(contender.start().start());
                }
                use.accept(started);
            } finally {
                started.forEach(Subject::close);
            }
        }
    }

    /**
     * Makes load until a process is as fast as it will be: its JVM compiles what is called often, which takes the processor from
     * the calls, for a time that depends on how much code there is. Connections come and go meanwhile, because what they do is
     * code as well, and meeting it for the first time makes the JVM compile much of the rest again.
     *
     * @param connect opens the connections
     * @param least how long at least
     */
    void warmUp(Subject subject, Supplier<LoadSession> connect, Duration least) {
        Duration step = least.dividedBy(LEAST_STEPS);
        warmUp(subject, connect, session -> session.closedLoop(step));
    }

    /**
     * The same with another load than calls in a closed loop: one that comes in another way meets code of its own.
     *
     * @param connect opens the connections
     * @param load makes load for a moment, again and again
     */
    void warmUp(Subject subject, Supplier<LoadSession> connect, Consumer<LoadSession> load) {
        int quiet = 0;
        for (int i = 0; i < LEAST_STEPS || (i < MOST_STEPS && quiet < QUIET_STEPS); i++) {
            Duration before = ProcStat.compilers(subject.process());
            long begun = System.nanoTime();
            try (LoadSession session = connect.get()) {
                load.accept(session);
            }
            double used = ProcStat.compilers(subject.process()).minus(before).toNanos();
            quiet = used < QUIET * (System.nanoTime() - begun) ? quiet + 1 : 0;
        }
    }

    void add(String scenario, String point, String subject, String metric, double value) {
        measurements.add(new Series(scenario, point, subject, metric), value);
    }

    /**
     * What a load came to.
     *
     * @param cpu the processor time that was used meanwhile by whatever was watched
     */
    record Spent(LoadResult result, Duration cpu) {
        /** The processor seconds for 10,000 calls. */
        double cpuOfManyCalls() {
            return cpu.toNanos() / 1e9 / Math.max(1, result.answered()) * 10_000;
        }
    }

    /** A load that nobody disturbed, or the least disturbed of some; what no run may have any of counts from all of them. */
    Spent undisturbed(String scenario, String point, String name, Supplier<Duration> cpu, Supplier<LoadResult> load) {
        return host.undisturbed(() -> {
            Duration before = cpu.get();
            LoadResult result = load.get();
            addFaults(scenario, point, name, result);
            return new Spent(result, cpu.get().minus(before));
        });
    }

    /** Adds what no run may have any of. */
    void addFaults(String scenario, String point, String subject, LoadResult result) {
        add(scenario, point, subject, ANSWERED, (double) result.answered());
        add(scenario, point, subject, ERRORS, (double) result.errors());
        add(scenario, point, subject, MISMATCHES, (double) result.mismatches());
    }
}
