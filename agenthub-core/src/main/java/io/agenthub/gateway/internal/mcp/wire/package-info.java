/**
 * What both faces of the MCP endpoint share: revisions, server-sent events, refusals, principals, capabilities and a pulse.
 *
 * <p>Small values and helpers; thread-safe. Knows nothing of sessions, servers or routes.
 */
@NullMarked
package io.agenthub.gateway.internal.mcp.wire;

import org.jspecify.annotations.NullMarked;
