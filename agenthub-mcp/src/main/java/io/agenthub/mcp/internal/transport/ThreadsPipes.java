package io.agenthub.mcp.internal.transport;

import io.netty.channel.EventLoop;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** The pipes of one child, each end with a thread of its own. */
final class ThreadsPipes implements StdioPipes {
    /*
     * The output reader waits until the loop has taken a chunk before it fills that chunk's buffer again, so a child that
     * floods is slowed by its own pipe. The error reader delivers on its own thread: that stream is only kept, not acted on,
     * and a flood of it must not load the loop.
     *
     * A write can block for as long as the child lives, and closing the stream queues behind it. Hence both happen on a
     * pool thread, and the close is left to the write under way, if there is one. What frees a blocked write is the end of
     * the process.
     */
    private static final int WRITE_SLICE = 16 << 10;
    private static final long STACK_BYTES = 64 << 10;

    private final Process process;
    private final String label;
    private final EventLoop loop;
    private final PipeListener listener;
    private final Executor writers;
    private final OutputStream input;
    private boolean writing;
    private boolean inputClosing;
    private volatile boolean closed;

    ThreadsPipes(Process process, String label, EventLoop loop, PipeListener listener, Executor writers) {
        this.process = process;
        this.label = label;
        this.loop = loop;
        this.listener = listener;
        this.writers = writers;
        this.input = process.getOutputStream();
    }

    @Override
    public Process process() {
        return process;
    }

    @Override
    public void begin() {
        assert loop.inEventLoop();
        thread("stdout", new OutputReader(process.getInputStream(), loop, listener, () -> closed));
        thread("stderr", this::drainErrors);
    }

    private void thread(String stream, Runnable body) {
        Thread thread = new Thread(null, body, "agenthub-" + label + "-" + stream, STACK_BYTES);
        thread.setDaemon(true);
        thread.start();
    }

    private void drainErrors() {
        byte[] buffer = new byte[8 << 10];
        try (InputStream errors = process.getErrorStream()) {
            for (int n = errors.read(buffer); n >= 0 && !closed; n = errors.read(buffer)) {
                listener.errorOutput(buffer, 0, n);
            }
        } catch (IOException e) {
            // The stream was closed under the reader: its end, like any other.
        }
        onLoop(listener::errorEnded);
    }

    @Override
    public boolean write(ByteBuffer bytes) {
        assert loop.inEventLoop();
        assert !writing : "one write at a time";
        if (inputClosing) {
            return true;
        }
        writing = true;
        // The writer may be at it when the pipes are closed already.
        ByteBuffer own = bytes.hasArray() ? bytes : copy(bytes);
        writers.execute(() -> writeBlocking(own));
        return false;
    }

    private static ByteBuffer copy(ByteBuffer bytes) {
        return ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
    }

    private void writeBlocking(ByteBuffer bytes) {
        try {
            while (bytes.hasRemaining()) {
                int slice = Math.min(WRITE_SLICE, bytes.remaining());
                input.write(bytes.array(), bytes.arrayOffset() + bytes.position(), slice);
                input.flush();
                bytes.position(bytes.position() + slice);
                onLoop(() -> listener.progressed(slice));
            }
            onLoop(() -> written(null));
        } catch (IOException e) {
            onLoop(() -> written(e));
        }
    }

    private void written(@org.jspecify.annotations.Nullable IOException failure) {
        writing = false;
        if (inputClosing) {
            closeInputNow();
        } else if (failure != null) {
            listener.inputFailed(failure);
        } else {
            listener.drained();
        }
    }

    private void onLoop(Runnable event) {
        try {
            loop.execute(() -> {
                if (!closed) {
                    event.run();
                }
            });
        } catch (RejectedExecutionException e) {
            // The loop ended before its children did; nobody is left to tell.
            closed = true;
        }
    }

    @Override
    public void closeInput() {
        assert loop.inEventLoop();
        if (!inputClosing) {
            inputClosing = true;
            if (!writing) {
                closeInputNow();
            }
        }
    }

    private void closeInputNow() {
        writers.execute(() -> closeQuietly(input));
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            writers.execute(() -> {
                closeQuietly(process.getInputStream());
                closeQuietly(process.getErrorStream());
                closeQuietly(input);
            });
        }
    }

    private static void closeQuietly(AutoCloseable stream) {
        try {
            stream.close();
        } catch (Exception e) {
            // A pipe whose other end is gone cannot be flushed; it is closed all the same.
            return;
        }
    }
}
