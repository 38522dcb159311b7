package io.agenthub.mcp.internal.transport;

import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One end of one pipe, watched by a loop and confined to it. */
final class EpollHandle implements EpollIoHandle {
    /*
     * Never submit NONE: it takes the descriptor out of epoll while the registration believes it is still there, and the
     * next submission fails where nobody hears it. What is to be quiet waits for errors only, which are reported in any
     * case. Nothing may be thrown out of handle(): the loop would log it and the child would hang.
     */
    private static final Logger log = LoggerFactory.getLogger(EpollHandle.class);

    private final FileDescriptor descriptor;
    private final Step ready;
    private final Runnable ended;
    private @Nullable IoRegistration registration;
    private boolean open = true;

    /** What to do when the descriptor is ready. */
    interface Step {
        void run() throws IOException;
    }

    EpollHandle(FileDescriptor descriptor, Step ready, Runnable ended) {
        this.descriptor = descriptor;
        this.ready = ready;
        this.ended = ended;
    }

    @Override
    public FileDescriptor fd() {
        return descriptor;
    }

    boolean isOpen() {
        return open;
    }

    /** Registers; on the loop, and so done when it returns. */
    void registerOn(IoEventLoop loop) {
        Future<IoRegistration> registered = loop.register(this);
        if (registered.isSuccess()) {
            registration = registered.getNow();
        } else {
            fail(registered.cause());
        }
    }

    void waitForInput() {
        submit(EpollIoOps.EPOLLIN);
    }

    void waitForRoom() {
        submit(EpollIoOps.EPOLLOUT);
    }

    void disarm() {
        submit(EpollIoOps.EPOLLERR);
    }

    private void submit(EpollIoOps interest) {
        if (open && registration != null) {
            registration.submit(interest);
        }
    }

    @Override
    public void handle(IoRegistration from, IoEvent event) {
        if (!open) {
            return;
        }
        try {
            // An error is reported for as long as it lasts: left alone it would keep the loop busy for ever.
            if (((EpollIoEvent) event).ops().contains(EpollIoOps.EPOLLERR)) {
                end();
            } else {
                ready.run();
            }
        } catch (IOException e) {
            end();
        } catch (RuntimeException | Error e) {
            fail(e);
        }
    }

    private void fail(@Nullable Throwable fault) {
        log.atError().setCause(fault).log("A pipe of a child process cannot be used any more");
        end();
    }

    /** Nothing more will come, or go. */
    void end() {
        if (open) {
            close();
            ended.run();
        }
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            if (registration != null) {
                registration.cancel();
            }
            EpollTransport.close(descriptor);
        }
    }
}
