/**
 * The face for clients of the revisions with sessions, 2024-11-05 to 2025-11-25: {@code initialize}, sessions, streams that can
 * be resumed, and questions to the client as requests on the stream of the call they belong to.
 *
 * <p>Handlers run on event loops, answers and notifications arrive on any thread; each class says what guards it. Nothing here
 * blocks. Knows nothing of the era of the server behind it.
 */
@NullMarked
package io.agenthub.gateway.internal.mcp.session;

import org.jspecify.annotations.NullMarked;
