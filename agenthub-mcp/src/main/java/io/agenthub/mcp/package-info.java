/**
 * MCP servers for the hub: bridges to them, and the configuration files that name them.
 *
 * <p>Found through {@link java.util.ServiceLoader}; an embedder need not name anything here. Bridges to child processes run
 * on the event loops of the hub and keep the stage contract of {@link io.agenthub.api}. Nothing here supervises or restarts
 * a server.
 */
@NullMarked
package io.agenthub.mcp;

import org.jspecify.annotations.NullMarked;
