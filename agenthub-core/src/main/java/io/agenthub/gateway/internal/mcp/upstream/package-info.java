/**
 * What lies behind an MCP endpoint, as both faces see it: something to describe, to call and to listen to.
 *
 * <p>Thread-safe. Knows nothing of HTTP and nothing of the client's era.
 */
@NullMarked
package io.agenthub.gateway.internal.mcp.upstream;

import org.jspecify.annotations.NullMarked;
