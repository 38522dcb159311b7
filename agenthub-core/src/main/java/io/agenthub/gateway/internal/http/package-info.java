/**
 * A small, strict HTTP/1.1 server on Netty: framing, access rules, limits, deadlines, and a table of routes. It knows nothing
 * of hubs or MCP.
 *
 * <p>One connection is confined to one event loop, where handlers are called and must not block. One request at a time is
 * read from a connection and answered before the next is looked at. {@link io.agenthub.gateway.internal.http.Exchange} and
 * {@link io.agenthub.gateway.internal.http.ResponseStream} may be completed from any thread.
 *
 * <p>What it does not do, on purpose: HTTP/1.0 and HTTP/2, TLS, compression, upgrades, trailers, CORS.
 */
@NullMarked
package io.agenthub.gateway.internal.http;

import org.jspecify.annotations.NullMarked;
