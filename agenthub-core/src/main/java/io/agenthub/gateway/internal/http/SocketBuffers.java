package io.agenthub.gateway.internal.http;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.NettyRuntime;

/** Where connections take their buffers from. One for the process, as Netty's default is: event loops outlive servers. */
final class SocketBuffers {
    /*
     * Where the heap is at most 512 MiB, Netty's default allocator keeps nothing of more than 16 KiB: each such buffer is made
     * anew and cleared. This one keeps them, in chunks of 1 MiB, and few of them at hand.
     */
    private static final int PAGE_BYTES = 8 * 1024;
    /** As a power of two. */
    private static final int PAGES_OF_A_CHUNK = 7;

    private static final int SHORT_ONES_AT_HAND = 64;
    private static final int LONG_ONES_AT_HAND = 16;

    static final ByteBufAllocator SHARED = new PooledByteBufAllocator(
            true,
            0,
            NettyRuntime.availableProcessors(),
            PAGE_BYTES,
            PAGES_OF_A_CHUNK,
            SHORT_ONES_AT_HAND,
            LONG_ONES_AT_HAND,
            false);

    private SocketBuffers() {}
}
