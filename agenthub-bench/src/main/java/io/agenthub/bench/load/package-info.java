/**
 * The load harness: it starts the gateway and its peers as processes, drives them over loopback sockets, and turns what it saw
 * into a report with verdicts.
 *
 * <p>Single-threaded blocking code around a generator with one event loop. It measures on Linux; elsewhere it runs without
 * the peers, pinning and memory figures.
 */
@NullMarked
package io.agenthub.bench.load;

import org.jspecify.annotations.NullMarked;
