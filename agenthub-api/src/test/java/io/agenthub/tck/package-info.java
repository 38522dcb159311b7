/**
 * The contract tests (TCK) of AgentHub and the fakes they run against: extend one of the {@code *Tck} classes to prove a part of
 * your own.
 *
 * <p>Fakes are driven by the test's thread and by virtual time where they can be; {@link io.agenthub.tck.FakeMcpServer} is a
 * real child process. Nothing here sleeps for a fixed time: {@link io.agenthub.tck.Await} waits for a condition with a
 * deadline. Not for production use.
 */
@NullMarked
package io.agenthub.tck;

import org.jspecify.annotations.NullMarked;
