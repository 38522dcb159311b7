package io.agenthub.tck;

import io.agenthub.api.ErrorKind;
import io.agenthub.api.Promise;
import io.agenthub.api.bridge.Bridge;
import io.agenthub.api.bridge.BridgeExit;
import io.agenthub.api.bridge.ConnectException;
import io.agenthub.api.bridge.ConnectRequest;
import io.agenthub.api.bridge.Connector;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * A connector without processes: the test says how each attempt goes. Thread-safe.
 *
 * <p>Attempts for which nothing was said succeed at once, or after {@link #connectTakes}.
 */
public final class FakeConnector implements Connector {
    private final String server;
    private final TckContext context;
    private final Deque<Consumer<Attempt>> script = new ArrayDeque<>();
    private final List<Attempt> attempts = new ArrayList<>();
    private Consumer<Attempt> otherwise = Attempt::succeed;
    private Consumer<FakeBridge> prepare = bridge -> {};
    private Duration takes = Duration.ZERO;

    /**
     * A connector.
     *
     * @param server the server's name, for failures
     * @param context gives the executor that completes stages, and time
     */
    public FakeConnector(String server, TckContext context) {
        this.server = server;
        this.context = context;
    }

    /**
     * Prepares every bridge before it is handed out.
     *
     * @param preparation what is done with it
     * @return this
     */
    public synchronized FakeConnector preparing(Consumer<FakeBridge> preparation) {
        prepare = preparation;
        return this;
    }

    /**
     * Says how long attempts take, whichever way they end.
     *
     * @param time zero at first
     * @return this
     */
    public synchronized FakeConnector connectTakes(Duration time) {
        takes = time;
        return this;
    }

    /**
     * The next attempt for which nothing was said succeeds.
     *
     * @return this
     */
    public FakeConnector thenSucceeds() {
        return then(Attempt::succeed);
    }

    /**
     * The next attempt for which nothing was said fails as a program does that exits at once.
     *
     * @return this
     */
    public FakeConnector thenFails() {
        return then(Attempt::fail);
    }

    /**
     * The next attempt for which nothing was said never ends by itself.
     *
     * @return this
     */
    public FakeConnector thenHangs() {
        return then(attempt -> {});
    }

    private synchronized FakeConnector then(Consumer<Attempt> step) {
        script.add(step);
        return this;
    }

    /**
     * From now on attempts fail, after those for which something else was said.
     *
     * @return this
     */
    public synchronized FakeConnector alwaysFails() {
        otherwise = Attempt::fail;
        return this;
    }

    /**
     * From now on attempts succeed, after those for which something else was said.
     *
     * @return this
     */
    public synchronized FakeConnector alwaysSucceeds() {
        otherwise = Attempt::succeed;
        return this;
    }

    @Override
    public CompletionStage<Bridge> connect(ConnectRequest request) {
        Attempt attempt;
        Consumer<Attempt> step;
        Duration delay;
        synchronized (this) {
            attempt = new Attempt(request, context.executor());
            attempts.add(attempt);
            step = script.isEmpty() ? otherwise : script.remove();
            delay = takes;
        }
        if (delay.isZero()) {
            step.accept(attempt);
        } else {
            context.scheduler().schedule(delay, () -> step.accept(attempt));
        }
        return attempt.stage;
    }

    /**
     * All attempts so far.
     *
     * @return in order
     */
    public synchronized List<Attempt> attempts() {
        return List.copyOf(attempts);
    }

    /**
     * The latest attempt.
     *
     * @return the attempt
     */
    public synchronized Attempt lastAttempt() {
        if (attempts.isEmpty()) {
            throw new AssertionError("nobody has connected to '" + server + "'");
        }
        return attempts.get(attempts.size() - 1);
    }

    /**
     * All bridges that were made.
     *
     * @return in order
     */
    public List<FakeBridge> bridges() {
        return attempts().stream().flatMap(attempt -> attempt.made().stream()).toList();
    }

    /**
     * The latest bridge.
     *
     * @return the bridge
     */
    public FakeBridge bridge() {
        List<FakeBridge> bridges = bridges();
        if (bridges.isEmpty()) {
            throw new AssertionError("no connection to '" + server + "' was made");
        }
        return bridges.get(bridges.size() - 1);
    }

    /** One attempt to connect. Thread-safe; its first outcome counts. */
    public final class Attempt {
        private final ConnectRequest request;
        private final long startedNanos;
        private final Promise<Bridge> stage;
        private volatile List<FakeBridge> made = List.of();

        private Attempt(ConnectRequest request, Executor executor) {
            this.request = request;
            this.startedNanos = context.scheduler().nanoTime();
            this.stage = new Promise<>(executor);
        }

        /**
         * What the connection was asked for.
         *
         * @return the request
         */
        public ConnectRequest request() {
            return request;
        }

        /**
         * When the attempt was made.
         *
         * @return the scheduler's {@code nanoTime()}
         */
        public long startedNanos() {
            return startedNanos;
        }

        /** Lets it succeed. */
        public void succeed() {
            if (stage.isDone()) {
                return;
            }
            FakeBridge bridge = new FakeBridge(server, context, request.listener());
            Consumer<FakeBridge> preparation;
            synchronized (FakeConnector.this) {
                preparation = prepare;
            }
            preparation.accept(bridge);
            made = List.of(bridge);
            stage.succeed(bridge);
        }

        /** Lets it fail as a program does that exits at once. */
        public void fail() {
            BridgeExit exit = BridgeExit.ofProcess(BridgeExit.Cause.EXITED, 1, "fake: no such thing");
            fail(new ConnectException(
                    ErrorKind.CHILD_EXITED, server, "Server '" + server + "' exited at once", exit, null));
        }

        /**
         * Lets it fail.
         *
         * @param failure with what
         */
        public void fail(Throwable failure) {
            stage.fail(failure);
        }

        /**
         * Whether the attempt was abandoned.
         *
         * @return true if its stage was cancelled before it ended
         */
        public boolean isCancelled() {
            return stage.isCancelled();
        }

        private List<FakeBridge> made() {
            return made;
        }
    }
}
