/**
 * The hub: one object through which an application calls all its MCP servers.
 *
 * <p>All types are thread-safe and keep the stage contract of {@link io.agenthub.api}. A hub is used once: it is built,
 * started, and closed.
 */
@NullMarked
package io.agenthub.api.hub;

import org.jspecify.annotations.NullMarked;
