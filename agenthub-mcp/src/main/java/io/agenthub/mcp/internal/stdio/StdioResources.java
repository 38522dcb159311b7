package io.agenthub.mcp.internal.stdio;

import io.agenthub.api.HubThread;
import io.agenthub.mcp.internal.process.Guardian;
import io.agenthub.mcp.internal.process.Launcher;
import io.agenthub.mcp.internal.transport.TransportChoice;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What the children of one provider share: threads for what blocks, the guardian, and an event loop if the hub lends none. Made with the
 * first child, released with the last, so that there is nothing to close. Thread-safe.
 */
final class StdioResources {
    private final AtomicBoolean choiceTold = new AtomicBoolean();
    private int users;
    private @Nullable Shared shared;

    /** One child's hold on them. */
    final class Lease {
        private final Shared held;
        private final EventLoop loop;
        private boolean released;

        private Lease(Shared held, EventLoop loop) {
            this.held = held;
            this.loop = loop;
        }

        /** Takes hold for one child more, on the same loop. */
        Lease another() {
            synchronized (StdioResources.this) {
                users++;
                return new Lease(held, loop);
            }
        }

        EventLoop loop() {
            return loop;
        }

        ExecutorService pool() {
            return held.pool;
        }

        /** Memory for what children of this loop are saying. */
        PieceStock pieces() {
            return held.stocks.computeIfAbsent(loop, Shared::stock);
        }

        TransportChoice transports() {
            return held.transports;
        }

        /** Has a process and what it starts ended if this JVM is. May block. */
        void watch(long pid) {
            if (Launcher.ownSession()) {
                held.guardian.watch(pid);
            }
        }

        /** Nothing is left of a process. */
        void forget(long pid) {
            held.pool.execute(() -> held.guardian.forget(pid));
        }

        /** Lets go; idempotent. */
        void release() {
            synchronized (StdioResources.this) {
                if (!released) {
                    released = true;
                    users--;
                    if (users == 0) {
                        held.close();
                        shared = null;
                    }
                }
            }
        }
    }

    /** Takes hold for one child. */
    synchronized Lease acquire(Optional<EventLoopGroup> lent) {
        Shared held = shared;
        if (held == null) {
            held = new Shared(choiceTold);
            shared = held;
        }
        users++;
        return new Lease(held, lent.orElseGet(held::ownLoops).next());
    }

    /** The resources themselves. */
    private static final class Shared {
        private final TransportChoice transports;
        private final Map<EventLoop, PieceStock> stocks = new ConcurrentHashMap<>();
        private final AtomicInteger made = new AtomicInteger();
        /** Without a cap: each child that does not read its input holds a thread until it is ended. */
        private final ExecutorService pool = new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, 5, TimeUnit.SECONDS, new SynchronousQueue<>(), this::thread);

        private final Guardian guardian = new Guardian(Launcher.sessionPrefix());
        private @Nullable EventLoopGroup loops;

        private Shared(AtomicBoolean choiceTold) {
            transports = new TransportChoice(pool, choiceTold);
        }

        private static PieceStock stock(EventLoop loop) {
            return new PieceStock(task -> loop.schedule(task, 1, TimeUnit.SECONDS));
        }

        private Thread thread(Runnable task) {
            Thread thread = new Thread(task, "agenthub-child-" + made.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        }

        /** One loop is enough for whoever has no hub around it. */
        private EventLoopGroup ownLoops() {
            EventLoopGroup group = loops;
            if (group == null) {
                group = new MultiThreadIoEventLoopGroup(1, LoopThread::new, ioHandler());
                loops = group;
            }
            return group;
        }

        private static IoHandlerFactory ioHandler() {
            try {
                return Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
            } catch (LinkageError e) {
                return NioIoHandler.newFactory();
            }
        }

        private static void close(EventLoop loop, PieceStock stock) {
            try {
                loop.execute(stock::close);
            } catch (RejectedExecutionException e) {
                // The loop was lent, and has ended before: nothing runs on it any more.
                stock.close();
            }
        }

        /** On a thread of the pool, since even closing takes locks and writes to the guardian. */
        private void close() {
            stocks.forEach(Shared::close);
            pool.execute(() -> {
                guardian.close();
                pool.shutdown();
                if (loops != null) {
                    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
                }
            });
        }
    }

    /** The thread of our own event loop. */
    private static final class LoopThread extends FastThreadLocalThread implements HubThread {
        LoopThread(Runnable task) {
            super(task, "agenthub-io-stdio");
            setDaemon(true);
        }

        @Override
        public boolean mayBlock() {
            return false;
        }
    }
}
