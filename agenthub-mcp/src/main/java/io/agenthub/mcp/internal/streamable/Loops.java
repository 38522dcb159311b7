package io.agenthub.mcp.internal.streamable;

import io.agenthub.api.HubThread;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The event loops of the bridges of one provider: the hub's, or one of our own, made with the first bridge and ended with the
 * last. Thread-safe.
 */
final class Loops {
    private int users;
    private @Nullable EventLoopGroup own;

    /** One bridge's hold on a loop. */
    final class Lease {
        private final EventLoop loop;
        private final boolean ours;
        private boolean released;

        private Lease(EventLoop loop, boolean ours) {
            this.loop = loop;
            this.ours = ours;
        }

        EventLoop loop() {
            return loop;
        }

        /** Lets go; idempotent. */
        void release() {
            synchronized (Loops.this) {
                if (!released && ours) {
                    left();
                }
                released = true;
            }
        }
    }

    /** Takes hold for one bridge. */
    synchronized Lease acquire(Optional<EventLoopGroup> lent) {
        if (lent.isPresent()) {
            return new Lease(lent.get().next(), false);
        }
        EventLoopGroup group = own;
        if (group == null) {
            group = new MultiThreadIoEventLoopGroup(1, LoopThread::new, NioIoHandler.newFactory());
            own = group;
        }
        users++;
        return new Lease(group.next(), true);
    }

    private void left() {
        users--;
        if (users == 0 && own != null) {
            own.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            own = null;
        }
    }

    private static final class LoopThread extends FastThreadLocalThread implements HubThread {
        LoopThread(Runnable task) {
            super(task, "agenthub-io-http");
            setDaemon(true);
        }

        @Override
        public boolean mayBlock() {
            return false;
        }
    }
}
