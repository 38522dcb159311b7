/**
 * Bridges to MCP servers that are reached over Streamable HTTP, of both eras: those with a session, and the stateless ones.
 *
 * <p>Everything of one bridge is confined to one event loop of the hub; its shell may be called from any thread. It sends what a
 * caller asked for at most once, but for a server that says it knows the session no more, or wants other headers: that is a
 * refusal, and is met once. Keeps no deadlines of calls and supervises nothing.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2025-11-25/basic/transports">MCP 2025-11-25, Transports</a>
 * @see <a href="https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http">MCP 2026-07-28, Streamable
 *     HTTP</a>
 */
@NullMarked
package io.agenthub.mcp.internal.streamable;

import org.jspecify.annotations.NullMarked;
