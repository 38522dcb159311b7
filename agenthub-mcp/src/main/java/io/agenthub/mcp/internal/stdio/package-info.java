/**
 * The bridge to an MCP server that is a child process: handshake, private ids, framing, and an end that is always noticed.
 *
 * <p>Each child belongs to one event loop; all its state is confined to that loop, and what callers call on other threads
 * hops there. Stages complete on the executor of the {@link io.agenthub.api.spi.ProviderContext}. Nothing here restarts a
 * child or keeps a call's deadline.
 */
@NullMarked
package io.agenthub.mcp.internal.stdio;

import org.jspecify.annotations.NullMarked;
