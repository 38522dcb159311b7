/**
 * How the bytes of a child's three streams move: one small interface, and what drives the pipes behind it.
 *
 * <p>Every callback and every method runs on the event loop the child was given, unless its documentation says otherwise.
 * Nothing here knows JSON or MCP, restarts anything, or decides when a process ends.
 */
@NullMarked
package io.agenthub.mcp.internal.transport;

import org.jspecify.annotations.NullMarked;
