/**
 * Reads the files in which clients name their MCP servers, with the hub's own options beside them.
 *
 * <p>Blocks on the file; runs on the thread that asks. Starts nothing and remembers nothing.
 */
@NullMarked
package io.agenthub.mcp.internal.config;

import org.jspecify.annotations.NullMarked;
