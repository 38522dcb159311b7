package io.agenthub.tck;

import io.agenthub.api.HubThread;
import io.agenthub.api.Scheduler;
import io.agenthub.api.spi.ProviderContext;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What a hub would lend to a part, made for a test. Closing it ends the threads it made.
 *
 * <p>{@link #real()} has a control thread and a callback pool like a hub's; {@link #manual(ManualScheduler)} runs on virtual
 * time and completes stages on whatever thread brings the outcome.
 */
public final class TckContext implements ProviderContext, AutoCloseable {
    private static final int CALLBACK_THREADS = 4;

    private final Scheduler scheduler;
    private final Executor executor;
    private final Map<Class<?>, Object> shared = new ConcurrentHashMap<>();
    private volatile @Nullable Path dataDirectory;

    private TckContext(Scheduler scheduler, Executor executor) {
        this.scheduler = scheduler;
        this.executor = executor;
    }

    /**
     * Real time, and a callback pool of its own.
     *
     * @return the context, to be closed
     */
    public static TckContext real() {
        return real(callbackPool());
    }

    /**
     * Real time.
     *
     * @param executor where parts complete their stages
     * @return the context, to be closed
     */
    public static TckContext real(Executor executor) {
        return new TckContext(new TimerScheduler(), executor);
    }

    /**
     * Virtual time; stages complete on the thread that brings the outcome.
     *
     * @param scheduler moved by the test
     * @return the context
     */
    public static TckContext manual(ManualScheduler scheduler) {
        return new TckContext(scheduler, Runnable::run);
    }

    /**
     * Gives parts a place for files.
     *
     * @param folder an existing folder
     * @return this
     */
    public TckContext dataDirectory(Path folder) {
        dataDirectory = folder;
        return this;
    }

    /**
     * Lends a resource. It stays its maker's to close.
     *
     * @param <T> its type
     * @param type the type it is asked for by
     * @param resource the resource
     * @return this
     */
    public <T> TckContext share(Class<T> type, T resource) {
        shared.put(type, resource);
        return this;
    }

    /**
     * Whether a thread belongs to the callback pool of a context made by {@link #real()}.
     *
     * @param thread the thread
     * @return true if so
     */
    public static boolean isCallback(Thread thread) {
        return thread instanceof TckThread tck && tck.mayBlock();
    }

    @Override
    public Scheduler scheduler() {
        return scheduler;
    }

    @Override
    public Executor executor() {
        return executor;
    }

    @Override
    public Optional<Path> dataDirectory() {
        return Optional.ofNullable(dataDirectory);
    }

    @Override
    public <T> Optional<T> shared(Class<T> type) {
        return Optional.ofNullable(type.cast(shared.get(type)));
    }

    @Override
    public void close() {
        if (scheduler instanceof TimerScheduler timer) {
            timer.close();
        }
        if (executor instanceof CallbackPool pool) {
            pool.shutdown();
        }
    }

    /**
     * A pool of daemon threads that may block, as a hub's callback executor.
     *
     * @return the pool, to be shut down
     */
    public static ExecutorService callbackPool() {
        return new CallbackPool();
    }

    private static final class CallbackPool extends ThreadPoolExecutor {
        CallbackPool() {
            super(
                    CALLBACK_THREADS,
                    CALLBACK_THREADS,
                    1,
                    TimeUnit.SECONDS,
                    new LinkedBlockingQueue<>(),
                    threads("tck-callback-", true));
            allowCoreThreadTimeOut(true);
        }
    }

    static ThreadFactory threads(String prefix, boolean mayBlock) {
        AtomicInteger made = new AtomicInteger();
        return task -> new TckThread(task, prefix + made.incrementAndGet(), mayBlock);
    }

    private static final class TckThread extends Thread implements HubThread {
        private final boolean mayBlock;

        TckThread(Runnable task, String name, boolean mayBlock) {
            super(task, name);
            this.mayBlock = mayBlock;
            setDaemon(true);
        }

        @Override
        public boolean mayBlock() {
            return mayBlock;
        }
    }
}
