package io.agenthub.mcp.internal.transport;

import io.netty.channel.EventLoop;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses the transport: epoll where it works, threads elsewhere, and says so once. Thread-safe. */
public final class TransportChoice {
    private static final Logger log = LoggerFactory.getLogger(TransportChoice.class);

    private final StdioTransport threads;
    private final AtomicBoolean told;
    private @Nullable StdioTransport epoll;

    /**
     * Prepares the choice.
     *
     * @param writers for {@link ThreadsTransport}
     * @param told whether the choice was logged before; set when it is
     */
    public TransportChoice(Executor writers, AtomicBoolean told) {
        this.told = told;
        this.threads = new ThreadsTransport(writers);
    }

    /**
     * Chooses. Blocks for a moment.
     *
     * @param wanted {@code auto}, {@code epoll} or {@code threads}
     * @param loop the loop that the child will belong to
     * @return the transport
     * @throws IOException if epoll is wanted by name and does not work here
     */
    public StdioTransport choose(String wanted, EventLoop loop) throws IOException {
        if (wanted.equals("threads")) {
            return threads;
        }
        Optional<String> obstacle = obstacle(loop);
        if (obstacle.isPresent() && wanted.equals("epoll")) {
            throw new IOException("transport 'epoll' does not work here: " + obstacle.get());
        }
        StdioTransport chosen = obstacle.isPresent() ? threads : epoll();
        if (told.compareAndSet(false, true)) {
            log.atInfo()
                    .addKeyValue("transport", chosen.name())
                    .addKeyValue("reason", obstacle.orElse("works here"))
                    .log("Chose how the pipes of child processes are driven");
        }
        return chosen;
    }

    private static Optional<String> obstacle(EventLoop loop) {
        try {
            return EpollTransport.obstacle(loop);
        } catch (LinkageError e) {
            return Optional.of("the Netty at hand lacks it: " + e.getMessage());
        }
    }

    private synchronized StdioTransport epoll() {
        StdioTransport transport = epoll;
        if (transport == null) {
            transport = new EpollTransport();
            epoll = transport;
        }
        return transport;
    }
}
