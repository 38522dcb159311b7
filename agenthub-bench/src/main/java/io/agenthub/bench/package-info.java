/**
 * Benchmarks: the entry point of {@code benchmarks.jar}.
 *
 * <p>{@link io.agenthub.bench.micro} asks small questions with JMH, {@link io.agenthub.bench.load} measures the whole over real
 * sockets, pipes and processes, and writes the report. Nothing here is published or used by the product.
 */
@NullMarked
package io.agenthub.bench;

import org.jspecify.annotations.NullMarked;
