/**
 * Small questions, asked with JMH: one class each, with a baseline to compare with.
 *
 * <p>Run with {@code java -jar agenthub-bench/target/benchmarks.jar NAME}; add {@code -prof gc} for what a call allocates, and on
 * Java 25 {@code -jvmArgsAppend --sun-misc-unsafe-memory-access=allow} against JMH's own warnings.
 */
@NullMarked
package io.agenthub.bench.micro;

import org.jspecify.annotations.NullMarked;
