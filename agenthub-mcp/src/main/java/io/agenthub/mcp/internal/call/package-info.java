/**
 * What every bridge does with calls, whatever carries them: private ids, progress tokens, lanes, bounds, counters, questions of the
 * server, and keeping secrets out of texts.
 *
 * <p>Thread-safe or immutable, except for {@link io.agenthub.mcp.internal.call.Questions}, which is confined to its bridge's event
 * loop. Sends nothing by itself.
 */
@NullMarked
package io.agenthub.mcp.internal.call;

import org.jspecify.annotations.NullMarked;
