package io.agenthub.bench.load.report;

import java.util.List;
import java.util.Optional;

/**
 * One sentence that numbers can hold or break.
 *
 * @param label what it is about, such as {@code 64 connections}
 * @param quantity what is compared
 * @param bound with what
 * @param atLeast whether the bound is a floor; else it is a ceiling
 * @param unit printed after numbers
 */
public record Condition(String label, Quantity quantity, double bound, boolean atLeast, String unit) {

    /** A number of each sample, computed from what was measured. */
    @FunctionalInterface
    public interface Quantity {
        /**
         * Computes it.
         *
         * @param measurements everything that was measured
         * @return one number for each sample; empty if something of it was not measured
         */
        List<Double> samples(Measurements measurements);
    }

    /**
     * A floor under a series.
     *
     * @param label what it is about
     * @param series what is compared
     * @param bound with what
     * @param unit printed after numbers
     * @return the condition
     */
    public static Condition atLeast(String label, Series series, double bound, String unit) {
        return new Condition(label, measurements -> measurements.values(series), bound, true, unit);
    }

    /**
     * A ceiling over a series.
     *
     * @param label what it is about
     * @param series what is compared
     * @param bound with what
     * @param unit printed after numbers
     * @return the condition
     */
    public static Condition atMost(String label, Series series, double bound, String unit) {
        return new Condition(label, measurements -> measurements.values(series), bound, false, unit);
    }

    /**
     * A floor under the ratio of two series that were measured in turns, or in the same rounds.
     *
     * @param label what it is about
     * @param series the numerator
     * @param reference the denominator
     * @param bound the least ratio
     * @return the condition
     */
    public static Condition ratioAtLeast(String label, Series series, Series reference, double bound) {
        return new Condition(label, ratio(series, reference), bound, true, "x");
    }

    /**
     * A ceiling over the ratio of two series that were measured in turns, or in the same rounds.
     *
     * @param label what it is about
     * @param series the numerator
     * @param reference the denominator
     * @param bound the greatest ratio
     * @return the condition
     */
    public static Condition ratioAtMost(String label, Series series, Series reference, double bound) {
        return new Condition(label, ratio(series, reference), bound, false, "x");
    }

    /**
     * A ceiling over what one series has more than another.
     *
     * @param label what it is about
     * @param series the larger
     * @param reference the smaller
     * @param bound the greatest difference
     * @param unit printed after numbers
     * @return the condition
     */
    public static Condition differenceAtMost(String label, Series series, Series reference, double bound, String unit) {
        Quantity difference = measurements ->
                Stat.paired(measurements.values(series), measurements.values(reference), (a, b) -> a - b);
        return new Condition(label, difference, bound, false, unit);
    }

    private static Quantity ratio(Series series, Series reference) {
        return measurements ->
                Stat.paired(measurements.values(series), measurements.values(reference), (a, b) -> a / b);
    }

    /**
     * What came of it.
     *
     * @param measurements everything that was measured
     * @return the outcome
     */
    public Outcome judge(Measurements measurements) {
        List<Double> samples = quantity.samples(measurements);
        Optional<Stat> stat = Stat.of(samples);
        if (stat.isEmpty()) {
            return new Outcome(this, stat, Verdict.NOT_MEASURED);
        }
        boolean met = holds(stat.get().median());
        boolean always =
                samples.stream().allMatch(this::holds) || samples.stream().noneMatch(this::holds);
        if (always) {
            return new Outcome(this, stat, met ? Verdict.MET : Verdict.NOT_MET);
        }
        return new Outcome(this, stat, met ? Verdict.MET_MOSTLY : Verdict.MISSED_MOSTLY);
    }

    private boolean holds(double value) {
        return atLeast ? value >= bound : value <= bound;
    }

    /**
     * A condition with its verdict.
     *
     * @param condition the condition
     * @param stat what was measured
     * @param verdict whether it holds
     */
    public record Outcome(Condition condition, Optional<Stat> stat, Verdict verdict) {}
}
