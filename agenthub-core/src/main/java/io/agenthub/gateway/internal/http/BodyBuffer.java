package io.agenthub.gateway.internal.http;

import io.agenthub.api.ErrorKind;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Collects one request body. One announced as short has its room at once; any other grows with what has arrived, not with what was
 * announced. All count against a budget that the connections share. Confined to the event loop of its connection.
 */
final class BodyBuffer {
    private static final int FIRST_BYTES = 8 * 1024;
    /**
     * An announcement that costs no more than this is believed: many bodies come in two or three parts, and would be copied for each. A
     * client that announces and sends nothing costs as much on each of its connections, until the time for a body is over.
     */
    private static final int SHORT_BYTES = 32 * 1024;

    private static final byte[] NONE = {};

    private final HttpLimits limits;
    private final AtomicLong buffered;
    private final int expected;
    private byte[] bytes = NONE;
    private int size;
    private long reserved;

    /**
     * Begins empty.
     *
     * @param expected the announced length, at most the limit; -1 if none was
     * @param buffered bytes held by all bodies
     */
    BodyBuffer(HttpLimits limits, AtomicLong buffered, int expected) {
        this.limits = limits;
        this.buffered = buffered;
        this.expected = expected;
    }

    /**
     * Adds what has arrived.
     *
     * @throws Refusal 413 beyond the limit, 503 if all bodies together exceed theirs
     */
    void append(ByteBuf part) {
        int more = part.readableBytes();
        if (more > limits.maxBodyBytes() - size) {
            throw tooLarge(limits);
        }
        if (size + more > bytes.length) {
            grow(size + more);
        }
        part.readBytes(bytes, size, more);
        size += more;
    }

    static Refusal tooLarge(HttpLimits limits) {
        return Refusal.closing(
                413, ErrorKind.FRAME_TOO_LARGE, "The body is longer than " + limits.maxBodyBytes() + " bytes");
    }

    private void grow(int needed) {
        int first = expected <= SHORT_BYTES ? Math.max(FIRST_BYTES, expected) : FIRST_BYTES;
        int capacity = Math.max(needed, Math.max(first, (int) Math.min(2L * bytes.length, limits.maxBodyBytes())));
        int length = expected < 0 ? capacity : Math.min(capacity, expected);
        int more = length - bytes.length;
        reserved += more;
        if (buffered.addAndGet(more) > limits.maxBufferedBytes()) {
            throw Refusal.closing(503, ErrorKind.BUSY, "Too many bytes of request bodies are held; try again later");
        }
        bytes = Arrays.copyOf(bytes, length);
    }

    /** The whole body. */
    byte[] take() {
        if (bytes.length != size) {
            bytes = Arrays.copyOf(bytes, size);
        }
        return bytes;
    }

    /** Gives back what was reserved. */
    void release() {
        buffered.addAndGet(-reserved);
        reserved = 0;
        bytes = NONE;
    }
}
