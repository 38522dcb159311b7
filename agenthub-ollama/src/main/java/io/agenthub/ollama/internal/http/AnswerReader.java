package io.agenthub.ollama.internal.http;

/**
 * Reads one answer. Called on the pool's event loop, in the order of the methods; {@link #ended} or {@link #broke} comes
 * exactly once and last, unless the exchange was cancelled.
 */
public interface AnswerReader {

    /**
     * The request is about to be sent. The first call, on the sending thread.
     *
     * @param exchange what cancels it, and stops and goes on reading
     */
    void attached(Exchange exchange);

    /**
     * The head is there.
     *
     * @param status the status code, never 1xx
     * @param contentType the {@code Content-Type} header, empty if absent
     * @throws RuntimeException if the answer is not wanted: becomes the failure
     */
    void begun(int status, String contentType);

    /**
     * A piece of the body.
     *
     * @param bytes the piece, the reader's to keep
     * @throws RuntimeException if the answer is not wanted: becomes the failure
     */
    void received(byte[] bytes);

    /**
     * The answer is complete.
     *
     * @throws RuntimeException if it is not what it should be: becomes the failure
     */
    void ended();

    /**
     * There will be no more of it.
     *
     * @param failure why: an {@link HttpFailure}, a {@link io.agenthub.api.BusyException} if too many wait for a connection, or what
     *     the reader threw
     */
    void broke(Throwable failure);
}
