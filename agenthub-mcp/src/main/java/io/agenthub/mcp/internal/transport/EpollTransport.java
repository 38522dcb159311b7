package io.agenthub.mcp.internal.transport;

import io.agenthub.mcp.internal.process.Launcher;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.unix.FileDescriptor;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Pipes driven by the event loop itself, on Linux: no thread per child, no hand-over between threads.
 *
 * <p>Our ends of the pipes do not block and are watched by epoll. The child gets the other ends by re-opening them under
 * {@code /proc/self/fd}: that makes a description of its own, so that what the child reads and writes blocks as usual.
 */
public final class EpollTransport implements StdioTransport {
    private static final String DESCRIPTORS = "/proc/self/fd/";

    /** Scratch space, one per loop however many children it has; dropped with the transport. */
    private final Map<EventLoop, EpollScratch> scratch = new ConcurrentHashMap<>();

    /** Makes the transport. */
    public EpollTransport() {}

    /**
     * Tries out whether this transport can work here. Blocks for a moment.
     *
     * @param loop the loop that children would belong to
     * @return why it cannot, or empty if it can
     * @throws LinkageError if the Netty at hand lacks what it needs
     */
    static Optional<String> obstacle(EventLoop loop) {
        if (!Epoll.isAvailable()) {
            return Optional.of("epoll is not available here");
        }
        if (!(loop instanceof IoEventLoop io) || !io.isCompatible(EpollIoHandle.class)) {
            return Optional.of("the event loops are not epoll's");
        }
        try {
            reopenAPipe();
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("pipes cannot be re-opened: " + e.getMessage());
        }
    }

    private static void reopenAPipe() throws IOException {
        FileDescriptor[] pipe = FileDescriptor.pipe();
        try (FileOutputStream reopened = new FileOutputStream(DESCRIPTORS + pipe[1].intValue())) {
            reopened.write(1);
        } finally {
            close(pipe);
        }
    }

    @Override
    public String name() {
        return "epoll";
    }

    @Override
    public StdioPipes start(ProcessBuilder process, String label, EventLoop loop, PipeListener listener)
            throws IOException {
        FileDescriptor[] input = FileDescriptor.pipe();
        FileDescriptor[] output = {};
        FileDescriptor[] error = {};
        try {
            output = FileDescriptor.pipe();
            error = FileDescriptor.pipe();
            process.redirectInput(end(input[0])).redirectOutput(end(output[1])).redirectError(end(error[1]));
            Process started = Launcher.start(process);
            close(input[0], output[1], error[1]);
            EpollScratch buffers = scratch.computeIfAbsent(loop, unused -> new EpollScratch());
            return new EpollPipes(started, (IoEventLoop) loop, listener, buffers, input[1], output[0], error[0]);
        } catch (IOException | RuntimeException e) {
            close(input);
            close(output);
            close(error);
            throw e;
        }
    }

    private static File end(FileDescriptor descriptor) {
        return new File(DESCRIPTORS + descriptor.intValue());
    }

    /** Closes what is open of these. */
    static void close(FileDescriptor... descriptors) {
        for (FileDescriptor descriptor : descriptors) {
            try {
                descriptor.close();
            } catch (IOException e) {
                // The descriptor is gone all the same: Linux releases it before it reports anything.
            }
        }
    }
}
