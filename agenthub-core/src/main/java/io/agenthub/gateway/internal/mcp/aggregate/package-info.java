/**
 * All servers as one upstream: names are made unique, resources are found by their owner, lists are merged, and a server that
 * fails is left out and named.
 *
 * <p>Thread-safe; never blocks. Knows nothing of HTTP and nothing of the client's era.
 */
@NullMarked
package io.agenthub.gateway.internal.mcp.aggregate;

import org.jspecify.annotations.NullMarked;
