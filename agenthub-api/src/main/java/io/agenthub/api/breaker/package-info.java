/**
 * Circuit breakers: one per server, which refuse calls at once while the server does not answer.
 *
 * <p>Any well-formed answer is a success, an error included; exits, stalls, deadlines, failed starts and protocol garbage
 * are failures; a cancelled call is neither.
 */
@NullMarked
package io.agenthub.api.breaker;

import org.jspecify.annotations.NullMarked;
