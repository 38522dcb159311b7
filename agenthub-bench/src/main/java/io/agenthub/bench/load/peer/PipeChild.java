package io.agenthub.bench.load.peer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.IoEventLoop;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * A child process whose pipes an event loop reads and writes, and nothing more: the bare transport. Linux only. Confined to
 * its event loop, but for {@link #start} and {@link #close}.
 */
public final class PipeChild implements AutoCloseable {

    /** Hears what the child writes, on the event loop. */
    @FunctionalInterface
    public interface Lines {

        /**
         * One line came.
         *
         * @param bytes holds the line; valid during the call only
         * @param from its first byte
         * @param to the index after its last byte, the line break not counted
         */
        void line(ByteBuf bytes, int from, int to);

        /** All lines of one read were handed over. */
        default void batchEnd() {}
    }

    private static final int READ_BYTES = 64 * 1024;
    private static final int READS_PER_TURN = 16;

    private final IoEventLoop loop;
    private final Process process;
    private final Lines lines;
    private final PipeEnd stdin;
    private final PipeEnd stdout;
    private final ByteBuf unwritten = Unpooled.directBuffer(READ_BYTES);
    private final ByteBuf unread = Unpooled.directBuffer(2 * READ_BYTES);
    private int scanned;
    private boolean blocked;
    private boolean flushing;

    private PipeChild(IoEventLoop loop, Process process, FileDescriptor in, FileDescriptor out, Lines lines) {
        this.loop = loop;
        this.process = process;
        this.lines = lines;
        this.stdin = new PipeEnd(loop, in, EpollIoOps.EPOLLOUT, this::writable);
        this.stdout = new PipeEnd(loop, out, EpollIoOps.EPOLLIN, this::readable);
    }

    /**
     * Starts a child.
     *
     * @param loop reads and writes; an epoll loop
     * @param command the program and its arguments
     * @param lines hears the child
     * @return the running child
     * @throws IOException if it cannot be started
     */
    public static PipeChild start(IoEventLoop loop, List<String> command, Lines lines) throws IOException {
        Epoll.ensureAvailability();
        FileDescriptor[] in = FileDescriptor.pipe();
        FileDescriptor[] out = FileDescriptor.pipe();
        Process process;
        try {
            // Opened again by name, the child's ends are its own, and blocking.
            process = new ProcessBuilder(command)
                    .redirectInput(new File("/proc/self/fd/" + in[0].intValue()))
                    .redirectOutput(new File("/proc/self/fd/" + out[1].intValue()))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException e) {
            in[1].close();
            out[0].close();
            throw e;
        } finally {
            in[0].close();
            out[1].close();
        }
        PipeChild child = new PipeChild(loop, process, in[1], out[0], lines);
        loop.execute(child.stdout::arm);
        return child;
    }

    /**
     * The process.
     *
     * @return its id
     */
    public long pid() {
        return process.pid();
    }

    /**
     * Where a line is written to. Whoever has written to it calls {@link #flushSoon}.
     *
     * @return the bytes that wait for the pipe
     */
    public ByteBuf output() {
        return unwritten;
    }

    /** Writes what waits at the end of this turn of the event loop, so that all its lines go together. */
    public void flushSoon() {
        if (!flushing && !blocked) {
            flushing = true;
            loop.execute(this::flush);
        }
    }

    private void flush() {
        flushing = false;
        try {
            while (unwritten.isReadable()) {
                int written = stdin.write(unwritten.memoryAddress(), unwritten.readerIndex(), unwritten.writerIndex());
                if (written <= 0) {
                    blocked = true;
                    stdin.arm();
                    return;
                }
                unwritten.skipBytes(written);
            }
            unwritten.clear();
        } catch (IOException e) {
            close();
        }
    }

    private void writable() {
        if (blocked) {
            blocked = false;
            stdin.disarm();
            unwritten.discardSomeReadBytes();
            flush();
        }
    }

    private void readable() {
        try {
            for (int i = 0; i < READS_PER_TURN; i++) {
                unread.ensureWritable(READ_BYTES);
                int at = unread.writerIndex();
                int read = stdout.read(unread.memoryAddress(), at, at + READ_BYTES);
                if (read <= 0) {
                    if (read < 0) {
                        stdout.close();
                    }
                    return;
                }
                unread.writerIndex(at + read);
                deliver();
                if (read < READ_BYTES) {
                    return;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lines.batchEnd();
        }
    }

    private void deliver() {
        int end;
        while ((end = unread.indexOf(scanned, unread.writerIndex(), (byte) '\n')) >= 0) {
            lines.line(unread, unread.readerIndex(), end);
            unread.readerIndex(end + 1);
            scanned = end + 1;
        }
        if (unread.isReadable()) {
            int left = unread.readableBytes();
            if (unread.readerIndex() > 0) {
                unread.discardReadBytes();
            }
            scanned = left;
        } else {
            unread.clear();
            scanned = 0;
        }
    }

    /** Ends the child and its pipes. Not for the event loop of another child's call. */
    @Override
    public void close() {
        loop.execute(() -> {
            stdin.close();
            stdout.close();
        });
        process.destroy();
    }
}
