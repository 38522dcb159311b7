/**
 * The MCP endpoints: one for each server, {@code /mcp/{server}}, and one for all of them, {@code /mcp}.
 *
 * <p>{@link io.agenthub.gateway.internal.mcp.McpRoutes} reads what is posted, decides which era of the protocol the client speaks,
 * and hands the message to the face of that era. Handlers run on event loops and never block.
 *
 * <p>What it does not do: know which era a server is of, start processes, or keep anything of a request after it is answered.
 */
@NullMarked
package io.agenthub.gateway.internal.mcp;

import org.jspecify.annotations.NullMarked;
