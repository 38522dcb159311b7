package io.agenthub.bench.load.scenario;

import io.agenthub.bench.load.report.Table;
import io.agenthub.bench.load.report.Target;
import java.io.IOException;
import java.util.List;

/** One question, asked of running processes. */
public interface Scenario {

    /**
     * What commands and data files call it.
     *
     * @return a short name
     */
    String id();

    /**
     * Measures.
     *
     * @param lab what to measure with
     * @throws IOException if a process does not start or a connection breaks outside a measured run
     */
    void run(Lab lab) throws IOException;

    /**
     * How its numbers are shown.
     *
     * @param plan how much was measured
     * @return its tables
     */
    List<Table> tables(Plan plan);

    /**
     * What it decides.
     *
     * @param plan how much was measured
     * @return its targets
     */
    List<Target> targets(Plan plan);
}
