package io.agenthub.mcp.internal.transport;

import java.nio.ByteBuffer;

/** The pipes of one running child. Confined to its event loop. */
public interface StdioPipes {

    /**
     * The child.
     *
     * @return its process; from any thread
     */
    Process process();

    /** Begins to deliver what the child writes. */
    void begin();

    /**
     * Hands bytes to the child's input. The next call must wait until these are gone.
     *
     * @param bytes a heap buffer, which belongs to the transport for good, or a direct one, which does until it is drained or the
     *     pipes are closed
     * @return true if all were taken at once; false if {@link PipeListener#drained()} will tell
     */
    boolean write(ByteBuffer bytes);

    /** Closes the child's input once a write under way is done. Never blocks; idempotent. */
    void closeInput();

    /**
     * Lets go of all three streams, whoever else may hold their other ends. Nothing is delivered afterwards. Never blocks;
     * idempotent.
     */
    void close();
}
