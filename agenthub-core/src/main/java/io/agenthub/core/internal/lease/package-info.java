/**
 * Connections beside the shared one: leased to one call or one client session, so that a server's questions find whom they are
 * meant for. Knows connectors and bridges, nothing of calls. Thread-safe; never blocks.
 */
@NullMarked
package io.agenthub.core.internal.lease;

import org.jspecify.annotations.NullMarked;
