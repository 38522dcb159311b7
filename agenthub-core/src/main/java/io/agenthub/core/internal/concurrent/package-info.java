/**
 * Threads, time and ordered execution. Knows nothing of servers or calls.
 */
@NullMarked
package io.agenthub.core.internal.concurrent;

import org.jspecify.annotations.NullMarked;
