package io.agenthub.bench.load.report;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A promise: one sentence, and the conditions that all have to hold.
 *
 * @param sentence what is promised
 * @param conditions at least one
 */
public record Target(String sentence, List<Condition> conditions) {

    /** Copies the conditions. */
    public Target {
        conditions = List.copyOf(conditions);
    }

    /**
     * A promise with few conditions.
     *
     * @param sentence what is promised
     * @param conditions what has to hold
     * @return the target
     */
    public static Target of(String sentence, Condition... conditions) {
        return new Target(sentence, List.of(conditions));
    }

    /**
     * Whether it is kept: as well as the worst of its conditions.
     *
     * @param measurements everything that was measured
     * @return the verdict
     */
    public Verdict judge(Measurements measurements) {
        return conditions.stream()
                .map(condition -> condition.judge(measurements).verdict())
                .min(Comparator.naturalOrder())
                .orElse(Verdict.NOT_MEASURED);
    }

    /**
     * What was measured, condition by condition.
     *
     * @param measurements everything that was measured
     * @return Markdown, without line breaks
     */
    public String measured(Measurements measurements) {
        return conditions.stream()
                .map(condition -> condition.judge(measurements))
                .map(Target::describe)
                .collect(Collectors.joining("; "));
    }

    private static String describe(Condition.Outcome outcome) {
        String label = outcome.condition().label();
        String unit = outcome.condition().unit();
        String value =
                outcome.stat().map(stat -> Numbers.withSpread(stat, unit)).orElse("-");
        return label.isEmpty() ? value : label + ": " + value;
    }
}
