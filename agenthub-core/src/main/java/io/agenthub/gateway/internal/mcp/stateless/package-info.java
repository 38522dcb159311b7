/**
 * The face for clients of the stateless revision 2026-07-28: every request says in its envelope who asks and what the client can
 * do, and nothing is inferred from the one before.
 *
 * <p>What a server with sessions asks in the middle of a call is answered here by an {@code input_required} result: the call is
 * parked, and goes on when the client repeats its request with the answers and the sealed state it was given. Handlers run on
 * event loops, answers arrive on any thread; each class says what guards it. Nothing here blocks.
 */
@NullMarked
package io.agenthub.gateway.internal.mcp.stateless;

import org.jspecify.annotations.NullMarked;
