/**
 * A small HTTP/1.1 client for one address, over TCP or TLS: a bounded pool of kept connections, answers handed over in pieces,
 * and a reader of event streams.
 *
 * <p>Everything of one pool is confined to one event loop; what may block (names, certificates) runs on a helper thread. It
 * never sends a request twice, follows no redirect, uses no proxy, decompresses nothing, and knows nothing of MCP.
 */
@NullMarked
package io.agenthub.mcp.internal.http;

import org.jspecify.annotations.NullMarked;
