package io.agenthub.ollama;

import org.jspecify.annotations.Nullable;

/**
 * Puts the lines of one streamed answer together. Confined to the event loop.
 *
 * @param <T> what a line adds
 * @param <R> the whole
 */
interface LineFold<T, R> {

    /**
     * Takes a line.
     *
     * @param line without its end
     * @return what it adds, or null if nothing
     * @throws OllamaException if it reports an error or cannot be understood
     */
    @Nullable
    T line(byte[] line);

    /** The whole, once a line has said that it is complete; else null. */
    @Nullable
    R complete();
}
