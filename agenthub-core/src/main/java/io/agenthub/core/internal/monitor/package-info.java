/**
 * Measures a hub: counts its calls, watches its loops and raises alerts.
 *
 * <p>Counting happens on whatever thread ends a call, without locks or allocation; looking at the loops on the control thread,
 * by the hub's scheduler. Knows nothing of how calls are made, and shows nothing to anybody: the hub makes the snapshots.
 */
@NullMarked
package io.agenthub.core.internal.monitor;

import org.jspecify.annotations.NullMarked;
