package io.agenthub.core.internal.supervise;

import io.agenthub.api.BusyException;
import io.agenthub.api.Promise;
import io.agenthub.api.Scheduler;
import io.agenthub.api.bridge.Bridge;
import io.agenthub.api.bridge.BridgeStats;
import io.agenthub.api.bridge.Connector;
import io.agenthub.api.server.ManagedServer;
import io.agenthub.api.server.ServerSpec;
import io.agenthub.api.server.ServerStatus;
import io.agenthub.api.server.StartMode;
import io.agenthub.api.server.SupervisorListener;
import io.agenthub.api.spi.ProviderContext;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One server as seen by any thread: reads a snapshot, and hops to the control thread for everything else. Thread-safe shell
 * around {@link Lifecycle}.
 */
final class SupervisedServer implements ManagedServer {
    private final ServerSpec spec;
    private final Scheduler scheduler;
    private final Executor executor;
    private final Lifecycle lifecycle;
    private final AtomicInteger waiting = new AtomicInteger();

    SupervisedServer(
            ServerSpec spec,
            Connector connector,
            ProviderContext context,
            SupervisorListener listener,
            StartGate gate) {
        this.spec = spec;
        this.scheduler = context.scheduler();
        this.executor = context.executor();
        this.lifecycle = new Lifecycle(spec, connector, scheduler, listener, gate);
    }

    /** Starts an eager server. */
    void begin() {
        if (spec.start() == StartMode.EAGER) {
            start();
        }
    }

    /** Ends the server for good. */
    CompletionStage<Void> end() {
        Promise<Void> ended = new Promise<>(executor);
        control(() -> lifecycle.end(() -> ended.succeed()));
        return ended;
    }

    @Override
    public ServerSpec spec() {
        return spec;
    }

    @Override
    public ServerStatus status() {
        LifecycleSnapshot now = lifecycle.snapshot();
        @Nullable Bridge bridge = now.bridge();
        Optional<BridgeStats> stats = bridge == null ? Optional.empty() : Optional.of(bridge.stats());
        return now.status(stats, now.retryIn(scheduler.nanoTime()));
    }

    @Override
    public CompletionStage<Bridge> bridge() {
        if (!spec.idleStop().isZero()) {
            lifecycle.touch();
        }
        @Nullable CompletionStage<Bridge> ready = lifecycle.ready();
        if (ready != null) {
            return ready;
        }
        if (waiting.incrementAndGet() > spec.limits().maxWaiting()) {
            waiting.decrementAndGet();
            return Promise.failed(
                    new BusyException(spec.name(), "maxWaiting", spec.limits().maxWaiting()));
        }
        Promise<Bridge> promise = new Promise<>(executor);
        control(() -> lifecycle.use(new Waiter<>() {
            @Override
            public void succeed(Bridge bridge) {
                waiting.decrementAndGet();
                promise.succeed(bridge);
            }

            @Override
            public void fail(Throwable failure) {
                waiting.decrementAndGet();
                promise.fail(failure);
            }
        }));
        return promise;
    }

    @Override
    public CompletionStage<ServerStatus> start() {
        return whenRunning(lifecycle::start);
    }

    @Override
    public CompletionStage<ServerStatus> stop() {
        Promise<ServerStatus> stopped = new Promise<>(executor);
        control(() -> lifecycle.stop(() -> stopped.succeed(status())));
        return stopped;
    }

    @Override
    public CompletionStage<ServerStatus> restart() {
        return whenRunning(lifecycle::restart);
    }

    private CompletionStage<ServerStatus> whenRunning(Consumer<Waiter<Bridge>> order) {
        Promise<ServerStatus> running = new Promise<>(executor);
        control(() -> order.accept(new Waiter<>() {
            @Override
            public void succeed(Bridge bridge) {
                running.succeed(status());
            }

            @Override
            public void fail(Throwable failure) {
                running.fail(failure);
            }
        }));
        return running;
    }

    private void control(Runnable order) {
        scheduler.schedule(Duration.ZERO, order);
    }

    /** Somebody who waits for an outcome; told exactly once. */
    interface Waiter<T> {
        void succeed(T value);

        void fail(Throwable failure);
    }
}
