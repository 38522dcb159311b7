package io.agenthub.ollama;

import java.util.concurrent.CompletionStage;

/**
 * Receives the parts of an answer as they come. Called on the client's executor, one call at a time and in order, and never
 * after the answer's stage has completed. What it throws fails the request.
 *
 * @param <T> what the parts are
 */
@FunctionalInterface
public interface StreamListener<T> {

    /**
     * Takes the next part.
     *
     * @param part the part
     * @return completes when the next one may come; the server is held back when too many wait. A failure fails the request
     */
    CompletionStage<Void> next(T part);
}
