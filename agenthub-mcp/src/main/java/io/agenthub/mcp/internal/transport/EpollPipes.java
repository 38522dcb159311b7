package io.agenthub.mcp.internal.transport;

import io.netty.channel.IoEventLoop;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The pipes of one child on an epoll loop. */
final class EpollPipes implements StdioPipes {
    /*
     * A write goes straight to the pipe. Only what the pipe does not take is kept, by its position in the caller's own
     * buffer, and goes on when epoll says that there is room: bytes of the heap are copied into the loop's direct buffer as they are
     * written and at no other time. The writing end is registered with its first short write and disarmed, not
     * deregistered, when it has caught up.
     *
     * One turn takes at most TURN_READS buffers from one child, so that a flood leaves the loop to the others; what remains
     * is reported again, and meanwhile the child's own pipe holds it back.
     */
    private static final int TURN_READS = 16;

    private final Process process;
    private final IoEventLoop loop;
    private final PipeListener listener;
    private final EpollScratch scratch;
    private final FileDescriptor input;
    private final EpollHandle output;
    private final EpollHandle error;
    private @Nullable EpollHandle room;
    private @Nullable ByteBuffer pending;
    private boolean inputClosing;
    private boolean closed;

    EpollPipes(
            Process process,
            IoEventLoop loop,
            PipeListener listener,
            EpollScratch scratch,
            FileDescriptor input,
            FileDescriptor output,
            FileDescriptor error) {
        this.process = process;
        this.loop = loop;
        this.listener = listener;
        this.scratch = scratch;
        this.input = input;
        this.output = new EpollHandle(output, this::readOutput, this::outputEnded);
        this.error = new EpollHandle(error, this::readErrors, this::errorEnded);
    }

    @Override
    public Process process() {
        return process;
    }

    @Override
    public void begin() {
        assert loop.inEventLoop();
        output.registerOn(loop);
        error.registerOn(loop);
        output.waitForInput();
        error.waitForInput();
    }

    private void readOutput() throws IOException {
        read(output, listener::output);
    }

    private void readErrors() throws IOException {
        read(error, listener::errorOutput);
    }

    /** Who takes what was read. */
    private interface Taker {
        void take(byte[] chunk, int from, int to);
    }

    private void read(EpollHandle from, Taker taker) throws IOException {
        for (int i = 0; i < TURN_READS && from.isOpen(); i++) {
            int n = from.fd().read(scratch.reading, 0, EpollScratch.BYTES);
            if (n < 0) {
                from.end();
                return;
            }
            scratch.reading.get(0, scratch.chunk, 0, n);
            if (n > 0) {
                taker.take(scratch.chunk, 0, n);
            }
            if (n < EpollScratch.BYTES) {
                return;
            }
        }
    }

    private void outputEnded() {
        if (!closed) {
            listener.outputEnded();
        }
    }

    private void errorEnded() {
        if (!closed) {
            listener.errorEnded();
        }
    }

    @Override
    public boolean write(ByteBuffer bytes) {
        assert loop.inEventLoop();
        assert pending == null : "one write at a time";
        if (inputClosing || closed) {
            return true;
        }
        try {
            if (writeOut(bytes)) {
                return true;
            }
            pending = bytes;
            waitForRoom();
        } catch (IOException e) {
            inputFailed(e);
        }
        return false;
    }

    /** Writes until all is gone or the pipe is full. */
    private boolean writeOut(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            int length = bytes.isDirect() ? bytes.remaining() : Math.min(bytes.remaining(), EpollScratch.BYTES);
            int written = bytes.isDirect()
                    ? input.write(bytes, bytes.position(), bytes.limit())
                    : input.write(copy(bytes, length), 0, length);
            bytes.position(bytes.position() + written);
            if (written > 0) {
                listener.progressed(written);
            }
            if (written < length) {
                return false;
            }
        }
        return true;
    }

    private ByteBuffer copy(ByteBuffer bytes, int length) {
        return scratch.writing.put(0, bytes, bytes.position(), length);
    }

    private void waitForRoom() {
        EpollHandle handle = room;
        if (handle == null) {
            handle = new EpollHandle(input, this::writeOn, this::readerGone);
            room = handle;
            handle.registerOn(loop);
        }
        handle.waitForRoom();
    }

    private void writeOn() throws IOException {
        ByteBuffer bytes = pending;
        if (bytes == null || !writeOut(bytes)) {
            return;
        }
        pending = null;
        if (room != null) {
            room.disarm();
        }
        if (inputClosing) {
            closeInputNow();
        } else {
            listener.drained();
        }
    }

    private void readerGone() {
        inputFailed(new IOException("the child closed its input"));
    }

    private void inputFailed(IOException cause) {
        pending = null;
        boolean unexpected = !inputClosing && !closed;
        inputClosing = true;
        closeInputNow();
        if (unexpected) {
            listener.inputFailed(cause);
        }
    }

    @Override
    public void closeInput() {
        assert loop.inEventLoop();
        inputClosing = true;
        if (pending == null) {
            closeInputNow();
        }
    }

    private void closeInputNow() {
        if (room != null) {
            room.close();
        }
        EpollTransport.close(input);
    }

    @Override
    public void close() {
        // Nothing runs on a loop that has ended, but what it was to watch has to be let go of.
        assert loop.inEventLoop() || loop.isShutdown();
        if (!closed) {
            closed = true;
            inputClosing = true;
            pending = null;
            closeInputNow();
            output.close();
            error.close();
        }
    }
}
