package io.agenthub.mcp.internal.http;

import io.netty.handler.codec.http.HttpHeaders;

/**
 * Reads one answer. Called on the pool's event loop in the order of the methods; {@link #ended} or {@link #failed} comes
 * exactly once and last, unless the exchange was cancelled.
 */
public interface AnswerReader {

    /**
     * The first byte of the request is about to be sent.
     *
     * @return whether it may be; if not, the exchange is over, and nothing more is heard of it
     */
    boolean sending();

    /**
     * The head is there.
     *
     * @param status the status code, never 1xx
     * @param headers the headers
     */
    void begun(int status, HttpHeaders headers);

    /**
     * A piece of the body.
     *
     * @param bytes the piece, the reader's to keep
     */
    void received(byte[] bytes);

    /** The answer is complete. */
    void ended();

    /**
     * There will be no more of it.
     *
     * @param fault why
     */
    void failed(HttpFault fault);
}
