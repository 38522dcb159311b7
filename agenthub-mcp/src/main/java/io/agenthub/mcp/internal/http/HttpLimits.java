package io.agenthub.mcp.internal.http;

import java.time.Duration;

/**
 * The bounds of a pool.
 *
 * @param maxConnections connections that carry requests at once; those of the side lane are not counted
 * @param maxHeaderBytes the head of an answer
 * @param idleTimeout how long an unused connection is kept
 * @param connectTimeout for the connection and its TLS handshake together
 */
public record HttpLimits(int maxConnections, int maxHeaderBytes, Duration idleTimeout, Duration connectTimeout) {

    /** 64 connections, 32 KiB of headers, 4 s idle (many servers close after 5 s), 10 s to connect. */
    public static final HttpLimits DEFAULT = new HttpLimits(64, 32_768, Duration.ofSeconds(4), Duration.ofSeconds(10));

    /** Longest line with the status, in bytes. */
    static final int STATUS_LINE = 4_096;

    /** Largest piece of a body that is handed over at once, in bytes. */
    static final int PIECE = 65_536;
}
