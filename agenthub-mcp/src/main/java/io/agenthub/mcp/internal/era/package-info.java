/**
 * What the revisions of MCP ask of a client, whatever carries its messages: the two ways to begin, and the neutral exchange
 * translated for a stateless server (2026-07-28).
 *
 * <p>A transport makes a plain {@link io.agenthub.api.bridge.Bridge} that carries requests, keeps private ids and progress tokens,
 * and hands a notification to the request it belongs to; {@link io.agenthub.mcp.internal.era.ModernBridge} makes the bridge to a
 * stateless server of it. Thread-safe unless said otherwise. Opens no connections and decides no probe: transports do.
 */
@NullMarked
package io.agenthub.mcp.internal.era;

import org.jspecify.annotations.NullMarked;
