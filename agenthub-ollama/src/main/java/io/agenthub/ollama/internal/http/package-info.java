/**
 * A small HTTP/1.1 client for one address: a bounded pool of kept-alive connections, answers handed over in pieces with
 * backpressure, one deadline per request.
 *
 * <p>Everything of one pool is confined to one event loop; requests may be sent from any thread. It never follows a redirect,
 * uses no proxy, decompresses nothing, and knows no TLS.
 */
@NullMarked
package io.agenthub.ollama.internal.http;

import org.jspecify.annotations.NullMarked;
