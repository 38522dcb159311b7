package io.agenthub.gateway.internal.http;

import java.time.Duration;

/**
 * The bounds of a server.
 *
 * @param maxConnections open connections; beyond it no further one is accepted until one closes
 * @param maxLineBytes length of the request line
 * @param maxHeaderBytes length of all header lines together, line ends included
 * @param maxHeaders number of header lines
 * @param maxBodyBytes length of one request body
 * @param maxBufferedBytes length of all request bodies held at one time
 * @param headerTimeout from the first byte of a request, or from the opening of a connection, to the end of its headers
 * @param bodyTimeout from the end of the headers to the end of the body
 * @param idleTimeout between two requests
 * @param writeStallTimeout how long a client may take nothing of an answer
 */
public record HttpLimits(
        int maxConnections,
        int maxLineBytes,
        int maxHeaderBytes,
        int maxHeaders,
        int maxBodyBytes,
        long maxBufferedBytes,
        Duration headerTimeout,
        Duration bodyTimeout,
        Duration idleTimeout,
        Duration writeStallTimeout) {}
