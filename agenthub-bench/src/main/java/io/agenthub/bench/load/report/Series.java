package io.agenthub.bench.load.report;

/**
 * What was measured, once in each round.
 *
 * @param scenario the scenario's id
 * @param point the point of its scale, such as a number of connections
 * @param subject who was measured
 * @param metric what of it
 */
public record Series(String scenario, String point, String subject, String metric) {

    /**
     * The same measurement of another subject.
     *
     * @param other who
     * @return its series
     */
    public Series of(String other) {
        return new Series(scenario, point, other, metric);
    }
}
