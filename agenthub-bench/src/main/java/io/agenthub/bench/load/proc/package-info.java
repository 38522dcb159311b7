/**
 * The processes that are measured: how they are started, pinned to processors, watched through {@code /proc}, and ended.
 *
 * <p>Blocking code for the harness's own thread. Where there is no {@code /proc}, CPU time comes from the JDK and memory is
 * not measured.
 */
@NullMarked
package io.agenthub.bench.load.proc;

import org.jspecify.annotations.NullMarked;
