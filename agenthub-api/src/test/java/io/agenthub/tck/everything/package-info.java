/**
 * A server that has one of everything MCP knows, as a child process without any SDK: the fixture of the official conformance
 * suite and of the tests of bridges and gateways.
 *
 * <p>{@link io.agenthub.tck.everything.EverythingServer} is the only public type. Its process reads on one thread and answers
 * there what needs no waiting; a call that waits has a thread of its own; output is one line per message, from any thread. It
 * is strict where a client can be wrong: reused ids, reused progress tokens, calls before the handshake, envelopes with a part
 * missing and request states that were changed are refused. Not for production use.
 */
@NullMarked
package io.agenthub.tck.everything;

import org.jspecify.annotations.NullMarked;
