package io.agenthub.gateway.internal.http;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A body that is sent piece by piece. Thread-safe, but pieces keep their order only if one thread at a time writes them.
 *
 * <p>What a slow client has not taken yet waits in memory up to {@link #MAX_PENDING_BYTES}; beyond it the connection is cut,
 * because a piece that is left out would make nonsense of the rest.
 */
public final class ResponseStream {
    /** How much may wait for the client. A single longer piece is taken while nothing else waits. */
    public static final int MAX_PENDING_BYTES = 4 << 20;

    private static final int LOW_PENDING_BYTES = 256 << 10;

    private final Connection connection;
    private final Exchange exchange;
    private final Response head;
    private final AtomicLong pending = new AtomicLong();
    private final AtomicReference<@Nullable Runnable> waiting = new AtomicReference<>();
    private volatile boolean closed;

    ResponseStream(Connection connection, Exchange exchange, Response head) {
        this.connection = connection;
        this.exchange = exchange;
        this.head = head;
    }

    Response head() {
        return head;
    }

    Exchange exchange() {
        return exchange;
    }

    /**
     * Sends a piece.
     *
     * @param parts sent one after the other; must not be changed afterwards
     * @return whether it was taken; false once the stream has ended or been cut
     */
    public boolean write(ByteBuffer... parts) {
        if (closed) {
            return false;
        }
        int length = length(List.of(parts));
        if (length == 0) {
            return true;
        }
        String size = Integer.toHexString(length);
        int framed = size.length() + length + 4;
        long before = pending.getAndAdd(framed);
        if (before > 0 && before + framed > MAX_PENDING_BYTES) {
            close();
            connection.execute(() -> connection.cut(this));
            return false;
        }
        connection.execute(() -> connection.piece(this, size, parts));
        return true;
    }

    private static int length(List<ByteBuffer> parts) {
        int length = 0;
        for (ByteBuffer part : parts) {
            length += part.remaining();
        }
        return length;
    }

    /**
     * Runs an action once little waits for the client, at once if that is so now. For sources that can be asked for the next
     * piece.
     *
     * @param action runs at most once, on the event loop or on this thread; must not block. One that is waiting is replaced
     */
    public void whenWritable(Runnable action) {
        waiting.set(action);
        runIfWritable();
    }

    private void runIfWritable() {
        if (pending.get() <= LOW_PENDING_BYTES) {
            Runnable action = waiting.getAndSet(null);
            if (action != null) {
                action.run();
            }
        }
    }

    /** Cuts the connection: the body cannot be completed, and the client must see that. */
    public void cut() {
        close();
        connection.execute(() -> connection.cut(this));
    }

    /** Ends the body in order. Idempotent. */
    public void end() {
        if (!closed) {
            closed = true;
            connection.execute(() -> connection.end(this));
        }
    }

    /**
     * Whether pieces are still taken.
     *
     * @return false once it has ended, or the client is gone
     */
    public boolean isOpen() {
        return !closed;
    }

    void close() {
        closed = true;
    }

    void sent(long bytes) {
        pending.addAndGet(-bytes);
        runIfWritable();
    }
}
