/**
 * What the hub is measured against in the same run: the bare pipes, a relay without features on top of them, the official MCP
 * Java SDK's client behind the same HTTP front, and all of the SDK, client and server, with the container that it is at home in.
 *
 * <p>Each runs in a process of its own, with one event loop where that is ours to say. The relay is the honest upper bound: it
 * knows neither deadlines nor limits, trusts every byte, and loses every call in flight when its child dies.
 */
@NullMarked
package io.agenthub.bench.load.peer;

import org.jspecify.annotations.NullMarked;
