package io.agenthub.bench.load.peer;

import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.io.UncheckedIOException;

/** One end of a pipe on an event loop. Confined to it. */
final class PipeEnd implements EpollIoHandle {
    // Netty forgets a registration disarmed with NONE; errors are reported whether asked for or not.
    private static final EpollIoOps NOTHING = EpollIoOps.EPOLLERR;

    private final FileDescriptor descriptor;
    private final EpollIoOps interest;
    private final Runnable ready;
    private final IoRegistration registration;

    /** Registers an end; {@link #arm} begins to listen. Blocks for a moment: not for the event loop. */
    PipeEnd(IoEventLoop loop, FileDescriptor descriptor, EpollIoOps interest, Runnable ready) {
        this.descriptor = descriptor;
        this.interest = interest;
        this.ready = ready;
        this.registration = loop.register(this).syncUninterruptibly().getNow();
    }

    void arm() {
        registration.submit(interest);
    }

    void disarm() {
        registration.submit(NOTHING);
    }

    int read(long address, int from, int to) throws IOException {
        return descriptor.readAddress(address, from, to);
    }

    int write(long address, int from, int to) throws IOException {
        return descriptor.writeAddress(address, from, to);
    }

    @Override
    public FileDescriptor fd() {
        return descriptor;
    }

    @Override
    public void handle(IoRegistration source, IoEvent event) {
        ready.run();
    }

    @Override
    public void close() {
        if (descriptor.isOpen()) {
            registration.cancel();
            try {
                descriptor.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
