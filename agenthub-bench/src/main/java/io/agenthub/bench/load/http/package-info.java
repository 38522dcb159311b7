/**
 * The load generator: one event loop that keeps 1 to 10,000 HTTP/1.1 connections busy, and checks the id and the payload of
 * every answer.
 *
 * <p>Closed loop: each connection sends its next request when the last is answered. Open loop: requests are due at fixed times
 * whatever the answers do, and latency counts from the time a request was due, so that a stall is seen in full (no coordinated
 * omission). Its own cost is the same for everything it measures. It understands only what the measured servers say:
 * {@code Content-Length} and chunked bodies, no pipelining but for slow readers.
 */
@NullMarked
package io.agenthub.bench.load.http;

import org.jspecify.annotations.NullMarked;
