package io.agenthub.mcp.internal.transport;

import io.netty.channel.EventLoop;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;

/** Reads a child's output on a thread of its own and hands it to the loop, never more than two chunks ahead. */
final class OutputReader implements Runnable {
    private static final int CHUNKS = 2;
    private static final int CHUNK_BYTES = 32 << 10;

    private final InputStream output;
    private final EventLoop loop;
    private final PipeListener listener;
    private final BooleanSupplier closed;
    private final Semaphore free = new Semaphore(CHUNKS);

    OutputReader(InputStream output, EventLoop loop, PipeListener listener, BooleanSupplier closed) {
        this.output = output;
        this.loop = loop;
        this.listener = listener;
        this.closed = closed;
    }

    @Override
    public void run() {
        byte[][] chunks = new byte[CHUNKS][CHUNK_BYTES];
        try {
            for (int i = 0; !closed.getAsBoolean(); i = (i + 1) % CHUNKS) {
                free.acquireUninterruptibly();
                byte[] chunk = chunks[i];
                int n = read(chunk);
                if (n < 0) {
                    loop.execute(() -> deliver(listener::outputEnded));
                    return;
                }
                loop.execute(() -> {
                    try {
                        deliver(() -> listener.output(chunk, 0, n));
                    } finally {
                        free.release();
                    }
                });
            }
        } catch (RejectedExecutionException e) {
            // The loop ended before its children did; nobody is left to tell.
            return;
        }
    }

    private int read(byte[] chunk) {
        try {
            return output.read(chunk);
        } catch (IOException e) {
            return -1;
        }
    }

    private void deliver(Runnable event) {
        if (!closed.getAsBoolean()) {
            event.run();
        }
    }
}
