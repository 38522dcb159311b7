/**
 * What the hub is measured against in the same run: the bare pipes, a relay without features on top of them, and the official
 * MCP Java SDK behind the same HTTP front.
 *
 * <p>Each runs in a process of its own with one event loop. The relay is the honest upper bound: it knows neither deadlines
 * nor limits, trusts every byte, and loses every call in flight when its child dies.
 */
@NullMarked
package io.agenthub.bench.load.peer;

import org.jspecify.annotations.NullMarked;
