package io.agenthub.core;

import io.agenthub.api.AsyncCloseable;
import io.agenthub.api.Promise;
import io.agenthub.api.Scheduler;
import io.agenthub.core.internal.concurrent.ControlScheduler;
import io.agenthub.core.internal.concurrent.EventLoops;
import io.agenthub.core.internal.concurrent.HubThreads;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The threads of one or more hubs: event loops, the control thread with its timer, and the callback executor. Thread-safe.
 *
 * <p>A hub makes its own unless it is given some; those given are shared and never closed by a hub. All threads are daemons
 * and are started with the first use.
 */
public final class HubResources implements AsyncCloseable {
    private final EventLoops loops;
    private final ControlScheduler scheduler = new ControlScheduler();
    private final Executor callbackExecutor;
    private final @Nullable ExecutorService ownCallbacks;
    private final ExecutorService blocking = blocking();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final Promise<Void> closed = new Promise<>(Runnable::run);

    private HubResources(Builder builder) {
        this.loops = EventLoops.create(builder.ioThreads);
        if (builder.callbackExecutor != null) {
            this.callbackExecutor = builder.callbackExecutor;
            this.ownCallbacks = null;
        } else {
            this.ownCallbacks = callbacks(builder.callbackThreads);
            this.callbackExecutor = ownCallbacks;
        }
    }

    /** The queue needs no bound of its own: each entry ends a call that holds a place in flight. */
    private static ExecutorService callbacks(int threads) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads,
                threads,
                30,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                HubThreads.blocking("agenthub-callback"));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** For the rare things that may block, such as reading a file; threads end after a while without work. */
    private static ExecutorService blocking() {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                2, 2, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), HubThreads.blocking("agenthub-blocking"));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    Executor blockingExecutor() {
        return blocking;
    }

    /**
     * Makes resources with every default.
     *
     * @return the resources; whoever makes them closes them
     */
    public static HubResources create() {
        return builder().build();
    }

    /**
     * Begins resources.
     *
     * @return a builder with every default
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Time.
     *
     * @return the scheduler; its tasks run on the control thread
     */
    public Scheduler scheduler() {
        return scheduler;
    }

    /**
     * Where stages complete.
     *
     * @return the callback executor
     */
    public Executor callbackExecutor() {
        return callbackExecutor;
    }

    /**
     * A resource by its own type.
     *
     * @param <T> the resource's type
     * @param type {@code io.netty.channel.EventLoopGroup}, or a subtype
     * @return the resource, or empty if there is none of that type
     */
    public <T> Optional<T> shared(Class<T> type) {
        return type.isInstance(loops.group()) ? Optional.of(type.cast(loops.group())) : Optional.empty();
    }

    /** Ends all threads. Close the hubs that use them first. */
    @Override
    public CompletionStage<Void> closeAsync() {
        if (closing.compareAndSet(false, true)) {
            Thread closer = new Thread(this::release, "agenthub-closer");
            closer.setDaemon(true);
            closer.start();
        }
        return closed;
    }

    private void release() {
        loops.close();
        scheduler.close();
        blocking.shutdown();
        if (ownCallbacks != null) {
            ownCallbacks.shutdown();
        }
        closed.succeed();
    }

    @Override
    public String toString() {
        return "HubResources " + Map.of("io", loops.name());
    }

    /** Collects {@link HubResources}. Not thread-safe. */
    public static final class Builder {
        private int ioThreads = Runtime.getRuntime().availableProcessors();
        private int callbackThreads = Math.max(2, Runtime.getRuntime().availableProcessors());
        private @Nullable Executor callbackExecutor;

        private Builder() {}

        /**
         * The number of event loops.
         *
         * @param value 1 to 1,024; default one per processor
         * @return this
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder ioThreads(int value) {
            ioThreads = checked("ioThreads", value);
            return this;
        }

        /**
         * The number of callback threads. They end after 30 s without work.
         *
         * @param value 1 to 1,024; default one per processor, at least two
         * @return this
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder callbackThreads(int value) {
            callbackThreads = checked("callbackThreads", value);
            return this;
        }

        /**
         * The embedder's own callback executor, which the resources then neither make nor close.
         *
         * @param value completes the stages of callers; {@code Runnable::run} completes them on event loops, where nothing may
         *     block
         * @return this
         */
        public Builder callbackExecutor(Executor value) {
            callbackExecutor = value;
            return this;
        }

        private static int checked(String name, int value) {
            if (value < 1 || value > 1_024) {
                throw new IllegalArgumentException(name + " is " + value + ", must be between 1 and 1024");
            }
            return value;
        }

        /**
         * Makes the resources.
         *
         * @return the resources; whoever makes them closes them
         */
        public HubResources build() {
            return new HubResources(this);
        }
    }
}
