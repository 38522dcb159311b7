/**
 * How a hub does: snapshots of its loops, queues, calls and parts, and the alerts it raises by itself.
 *
 * <p>All types are immutable values; a snapshot can be kept and compared with a later one. Counters run since the hub was
 * built and never go back while their server stays; gauges say how it is now. Nothing here measures.
 */
@NullMarked
package io.agenthub.api.monitor;

import org.jspecify.annotations.NullMarked;
