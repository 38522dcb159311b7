package io.agenthub.bench.load.scenario;

import java.time.Duration;
import java.util.List;

/**
 * How much is measured.
 *
 * @param rounds how often everything is repeated
 * @param tries how often a measurement is taken at most until nobody disturbs it; see {@link io.agenthub.bench.load.proc.Host}
 * @param warmup the least load before the first measurement of a process; see {@link Lab#warmUp}
 * @param span length of one measurement
 * @param connections points of the throughput curve, ascending
 * @param openRates calls per second of the open loop
 * @param heldCalls calls that the server holds at once
 * @param manyHeldCalls the same in one process without HTTP
 * @param heldMillis how long it holds them
 * @param children servers at once
 * @param idle how long idle processes are watched
 * @param longBody bytes of the longest answer
 * @param idleConnection how long an idle connection is watched
 */
public record Plan(
        int rounds,
        int tries,
        Duration warmup,
        Duration span,
        List<Integer> connections,
        List<Integer> openRates,
        int heldCalls,
        int manyHeldCalls,
        int heldMillis,
        int children,
        Duration idle,
        int longBody,
        Duration idleConnection) {
    /** How often each of those that run side by side is measured, */
    static final int TURNS = 4;

    /** and this many of these measurements take as long as one of the others. */
    private static final int TURNS_IN_A_SPAN = 2;

    // Frames are bounded at 16 MiB, envelope included.
    private static final int JUST_UNDER_16_MIB = (16 << 20) - 4_096;

    /** What the report in the repository is made with. */
    public static final Plan FULL = new Plan(
            3,
            6,
            Duration.ofSeconds(10),
            Duration.ofSeconds(4),
            List.of(1, 16, 64, 256, 1000),
            List.of(1_000, 20_000),
            1_000,
            10_000,
            500,
            100,
            Duration.ofSeconds(20),
            JUST_UNDER_16_MIB,
            Duration.ofSeconds(75));

    /** A few minutes, for a first look. */
    public static final Plan QUICK = new Plan(
            2,
            3,
            Duration.ofSeconds(2),
            Duration.ofSeconds(2),
            List.of(1, 16, 64, 1000),
            List.of(1_000, 20_000),
            1_000,
            10_000,
            500,
            100,
            Duration.ofSeconds(5),
            JUST_UNDER_16_MIB,
            Duration.ofSeconds(75));

    /** Every scenario for a moment: shows that all of it works, and no number worth reading. */
    public static final Plan SMOKE = new Plan(
            1,
            1,
            Duration.ofMillis(100),
            Duration.ofMillis(200),
            List.of(1, 4),
            List.of(200),
            20,
            50,
            50,
            3,
            Duration.ofMillis(500),
            1 << 20,
            Duration.ofSeconds(1));

    /** Copies the lists. */
    public Plan {
        connections = List.copyOf(connections);
        openRates = List.copyOf(openRates);
    }

    /**
     * The same, more or less often.
     *
     * @param count how often, at least once
     * @return changed plan
     * @throws IllegalArgumentException if that is less than once
     */
    public Plan withRounds(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("rounds is " + count + ", must be 1 or more");
        }
        return new Plan(
                count,
                tries,
                warmup,
                span,
                connections,
                openRates,
                heldCalls,
                manyHeldCalls,
                heldMillis,
                children,
                idle,
                longBody,
                idleConnection);
    }

    /**
     * What a report says of it.
     *
     * @return a sentence
     */
    public String describe() {
        if (equals(SMOKE)) {
            return "every scenario for a moment: no number here is worth reading";
        }
        return (rounds == 1 ? "1 round, " : rounds + " rounds, ") + span.toMillis()
                + " ms each measurement unless the table says otherwise, "
                + warmup.toMillis()
                + " ms of load or more before the first, until its JVM's compilers take less than "
                + Math.round(Lab.QUIET * 100) + " % of a processor";
    }

    /** How long a measurement is if what is measured runs beside others. */
    Duration turn() {
        return span.dividedBy(TURNS_IN_A_SPAN);
    }

    /** What a report says of measurements side by side. */
    String describeTurns() {
        return "the processes side by side, measured in " + TURNS + " turns of " + turn().toMillis() + " ms";
    }

    /** The most connections of the throughput curve. */
    int mostConnections() {
        return connections.get(connections.size() - 1);
    }
}
