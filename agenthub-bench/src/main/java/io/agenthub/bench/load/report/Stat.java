package io.agenthub.bench.load.report;

import java.util.List;
import java.util.Optional;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.IntStream;

/**
 * The middle and the spread of the samples.
 *
 * @param median the middle one; of an even number, the mean of the two in the middle
 * @param least the least
 * @param most the most
 * @param count how many samples
 */
public record Stat(double median, double least, double most, int count) {

    /**
     * Sums up samples.
     *
     * @param values one for each sample
     * @return empty without any
     */
    public static Optional<Stat> of(List<Double> values) {
        if (values.isEmpty()) {
            return Optional.empty();
        }
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return Optional.of(new Stat(median, sorted[0], sorted[sorted.length - 1], sorted.length));
    }

    /** Values of two series that were measured in turns, or in the same rounds, one by one. */
    static List<Double> paired(List<Double> first, List<Double> second, DoubleBinaryOperator join) {
        return IntStream.range(0, Math.min(first.size(), second.size()))
                .mapToObj(i -> join.applyAsDouble(first.get(i), second.get(i)))
                .toList();
    }
}
