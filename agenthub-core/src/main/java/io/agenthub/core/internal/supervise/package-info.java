/**
 * Keeps servers alive. A thread-safe shell hops to the control thread, where a confined state machine with plain fields decides.
 */
@NullMarked
package io.agenthub.core.internal.supervise;

import org.jspecify.annotations.NullMarked;
