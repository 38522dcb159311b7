/**
 * A bridge is one live connection to one MCP server: a child process or an HTTP endpoint, from handshake to end.
 *
 * <p>A {@link io.agenthub.api.bridge.Connector} makes bridges to one server, one after the other; the supervisor decides
 * when. Bridges keep the stage contract of {@link io.agenthub.api}, completing on the executor of their {@link
 * io.agenthub.api.spi.ProviderContext}. They neither restart anything nor keep deadlines: the supervisor and the hub do.
 */
@NullMarked
package io.agenthub.api.bridge;

import org.jspecify.annotations.NullMarked;
