package io.agenthub.ollama;

import io.agenthub.api.HubThread;
import io.agenthub.api.Promise;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.concurrent.TimeUnit;

/** The event loop of a client that no hub lends one: a daemon thread, started by the first request. */
final class OwnLoop {
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, LoopThread::new, NioIoHandler.newFactory());

    EventLoop loop() {
        return group.next();
    }

    void end(Promise<Void> ended) {
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).addListener(done -> ended.succeed());
    }

    private static final class LoopThread extends FastThreadLocalThread implements HubThread {
        LoopThread(Runnable task) {
            super(task, "agenthub-ollama-io");
            setDaemon(true);
        }

        @Override
        public boolean mayBlock() {
            return false;
        }
    }
}
