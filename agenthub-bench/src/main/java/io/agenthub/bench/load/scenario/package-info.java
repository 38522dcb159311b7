/**
 * What is measured: one class for each question, with the table it fills and the targets it decides.
 *
 * <p>Scenarios run one after the other on the harness's thread. Subjects are started afresh for each round, take turns within
 * it, and change their order from round to round.
 */
@NullMarked
package io.agenthub.bench.load.scenario;

import org.jspecify.annotations.NullMarked;
