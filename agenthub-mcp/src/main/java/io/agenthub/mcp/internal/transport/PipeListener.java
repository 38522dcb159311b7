package io.agenthub.mcp.internal.transport;

import java.io.IOException;

/** Hears what happens on the pipes of one child. On the child's event loop unless said otherwise; must not block or throw. */
public interface PipeListener {

    /**
     * The child wrote to its output.
     *
     * @param chunk holds the bytes; reused as soon as this returns
     * @param from the first byte
     * @param to the index after the last byte
     */
    void output(byte[] chunk, int from, int to);

    /** The child's output ended: nobody holds its writing end any more. */
    void outputEnded();

    /**
     * The child wrote to its error output. On any thread, one at a time.
     *
     * @param chunk holds the bytes; reused as soon as this returns
     * @param from the first byte
     * @param to the index after the last byte
     */
    void errorOutput(byte[] chunk, int from, int to);

    /** The child's error output ended. On the loop. */
    void errorEnded();

    /**
     * The child took some of the bytes being written.
     *
     * @param bytes how many more
     */
    void progressed(int bytes);

    /** The last write is done; another may follow. */
    void drained();

    /**
     * The child's input is gone; no write will succeed any more.
     *
     * @param cause what the operating system said
     */
    void inputFailed(IOException cause);
}
