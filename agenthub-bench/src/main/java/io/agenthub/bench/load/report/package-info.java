/**
 * From numbers to a report: what was measured, what was promised, and whether the one holds the other.
 *
 * <p>Pure functions of the measurements, so that a verdict can only be changed by measuring again.
 */
@NullMarked
package io.agenthub.bench.load.report;

import org.jspecify.annotations.NullMarked;
