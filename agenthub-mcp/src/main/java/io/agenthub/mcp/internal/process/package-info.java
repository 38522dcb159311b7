/**
 * Which process a server's settings mean, what it may see of ours, and how its whole tree is ended.
 *
 * <p>What blocks says so and runs on a pool thread. Nothing here reads or writes a child's streams.
 */
@NullMarked
package io.agenthub.mcp.internal.process;

import org.jspecify.annotations.NullMarked;
