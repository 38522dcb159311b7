/**
 * The MCP servers a hub knows: how each is to be run, what state it is in, and who keeps it alive.
 *
 * <p>A {@link io.agenthub.api.server.Supervisor} owns the incarnations of every server; it starts, watches, restarts and
 * stops them. Values are records; the two interfaces are thread-safe and never block.
 */
@NullMarked
package io.agenthub.api.server;

import org.jspecify.annotations.NullMarked;
