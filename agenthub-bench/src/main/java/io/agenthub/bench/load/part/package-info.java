/**
 * Measurements that need a JVM of their own: calls in process, and the comparison of ways to wait.
 *
 * <p>Each is started by its scenario, prints its numbers and ends.
 */
@NullMarked
package io.agenthub.bench.load.part;

import org.jspecify.annotations.NullMarked;
