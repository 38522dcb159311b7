package io.agenthub.mcp.internal.transport;

import java.nio.ByteBuffer;

/** Buffers that the children of one loop share, since no two of them are read or written at once. Confined to the loop. */
final class EpollScratch {
    static final int BYTES = 64 << 10;

    final ByteBuffer reading = ByteBuffer.allocateDirect(BYTES);
    final ByteBuffer writing = ByteBuffer.allocateDirect(BYTES);
    final byte[] chunk = new byte[BYTES];
}
